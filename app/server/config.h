/* config.h: the settings of `fisc serve`: one table, and where each value comes from.
 *
 * An option of the command line stands above the environment (FISC_ and the name in capitals), that
 * above the configuration file, that above the default. What nobody knows, or what makes no sense,
 * is an error that names its place: a server does not start on a misunderstanding. */
#ifndef FISC_SERVER_CONFIG_H
#define FISC_SERVER_CONFIG_H

#include "fisc/error.h"
#include <stdint.h>

#define FISC_CONFIG_FILE "/etc/fisc/fisc.conf"

typedef enum {
    FISC_SETTING_TEXT,
    FISC_SETTING_NUMBER,
    FISC_SETTING_SWITCH, /* true or false; as an option without value: true */
    FISC_SETTING_FILE,   /* that has to be readable */
    FISC_SETTING_SECRET, /* a text that is not shown: it may hold a password */
} FiscSettingKind;

typedef struct {
    const char *name; /* "drain-seconds": in the file, behind -- and, as FISC_DRAIN_SECONDS, in the
                         environment. NULL ends the table, which is in alphabetical order */
    FiscSettingKind kind;
    const char *usual; /* the default, as written; NULL: none */
    const char *meaning;
    const char *choices; /* "json logfmt": the only values; NULL = any */
    int64_t least, most; /* of a number */
} FiscSetting;

extern const FiscSetting fisc_settings[];

typedef enum {
    FISC_FROM_DEFAULT,
    FISC_FROM_FILE,
    FISC_FROM_ENVIRONMENT,
    FISC_FROM_OPTION,
} FiscConfigOrigin;

typedef struct _FiscConfig FiscConfig;

/** Gathers every setting. @file: NULL for FISC_CONFIG_FILE, which may be missing then. @option: the
 * value that the command line gives a name, "" for a bare switch, NULL when it is not given. */
bool fisc_config_load(const char *file, const char *(*option)(const char *name, const void *data),
                      const void *data, FiscConfig **out_config, GError **error);
void fisc_config_free(FiscConfig *config); /* NULL does nothing */

/** NULL when nothing was set and there is no default. Borrowed. */
const char *fisc_config_text(const FiscConfig *config, const char *name);
int64_t fisc_config_number(const FiscConfig *config, const char *name);
bool fisc_config_is_on(const FiscConfig *config, const char *name);
FiscConfigOrigin fisc_config_origin(const FiscConfig *config, const char *name);
/** "default", "file", "environment", "option". */
const char *fisc_config_origin_word(FiscConfigOrigin origin);
/** The value as it may be shown: of a secret only whether it is set. Caller frees. */
char *fisc_config_shown(const FiscConfig *config, const char *name);
/** The configuration file that was read; NULL when there was none. */
const char *fisc_config_file(const FiscConfig *config);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscConfig, fisc_config_free)

#endif
