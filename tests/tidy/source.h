/* source.h: a C file taken apart just far enough to hold it against the house rules. */
#ifndef FISC_TIDY_SOURCE_H
#define FISC_TIDY_SOURCE_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
    int line;
    char *path;
    bool is_system; /* <path> */
} FiscInclude;

typedef struct {
    int line;   /* where it begins */
    char *text; /* neighbours joined as the compiler does; escapes as written */
} FiscLiteral;

typedef struct {
    char *path;          /* relative to the root of the tree */
    char *code;          /* comments, literals and #include lines blanked; lines as in the file */
    GPtrArray *includes; /* FiscInclude */
    GPtrArray *literals; /* FiscLiteral */
    bool begins_with_comment;
    int line_count;
} FiscSource;

/** Reads @root/@path; NULL when it cannot be read. */
FiscSource *fisc_source_read(const char *root, const char *path);
void fisc_source_free(FiscSource *source);

#endif
