/* gfs.c: the digit arithmetic of GFSM 2014 codes. It knows no labels and no list: whether a code
 * exists is the chart's to say (ledger/chart.c). */
#include "fisc/gfs.h"
#include <string.h>

/* The digits of @code before its suffix; 0 when there is anything else in them. */
static gsize
digits_of(const char *code)
{
    gsize length = strspn(code, "0123456789");
    return code[length] == '\0' || code[length] == '.' ? length : 0;
}

/* The kind that a suffix tells: 0 without one, -1 when it is none of .1, .2, .3. */
static int
suffix_of(const char *code)
{
    const char *dot = strchr(code, '.');
    if (dot == NULL) {
        return 0;
    }
    return dot[1] >= '1' && dot[1] <= '3' && dot[2] == '\0' ? dot[1] - '0' : -1;
}

static bool
is_flow_digit(char digit)
{
    return digit >= '3' && digit <= '6';
}

/* 3..6 go on with 1 (nonfinancial assets), 2 (financial assets) or 3 (liabilities); alone, 4, 5 and
 * 6 are net worth. 3 alone is a balancing item. */
static bool
is_position(const char *code, gsize length, int kind)
{
    if (length == 1) {
        return code[0] != '3' && kind == 0;
    }
    if (code[1] < '1' || code[1] > '3') {
        return false;
    }
    return kind == 0 || (code[0] == '3' && code[1] == '1');
}

bool
fisc_gfs_parse(const char *code, char out_account[FISC_GFS_CODE], int *out_flow, int *out_kind)
{
    gsize length = digits_of(code);
    int kind = suffix_of(code);
    if (length == 0 || length >= FISC_GFS_CODE || kind < 0) {
        return false;
    }
    bool is_flow = is_flow_digit(code[0]);
    if (is_flow ? !is_position(code, length, kind) : (strchr("12", code[0]) == NULL || kind != 0)) {
        return false;
    }
    memcpy(out_account, code, length);
    out_account[length] = '\0';
    *out_flow = is_flow ? code[0] - '0' : FISC_FLOW_TRANSACTION;
    *out_kind = kind;
    if (is_flow) {
        out_account[0] = '6';
    }
    return true;
}

void
fisc_gfs_compose(const char *account, int flow, int kind, char out_code[FISC_GFS_CODE])
{
    gsize length = strlen(account);
    g_assert(length > 0 && length + 2 < FISC_GFS_CODE);
    memcpy(out_code, account, length + 1);
    if (account[0] != '6') {
        return;
    }
    out_code[0] = (char)('0' + flow);
    if (kind > 0) {
        out_code[length] = '.';
        out_code[length + 1] = (char)('0' + kind);
        out_code[length + 2] = '\0';
    }
}

int
fisc_gfs_sign(const char *code)
{
    if (code[0] == '1') {
        return -1;
    }
    if (strchr("3456", code[0]) == NULL || code[0] == '\0') {
        return 1;
    }
    if (code[1] == '\0') {
        return code[0] == '3' ? 1 : -1;
    }
    return code[1] == '3' || suffix_of(code) > 1 ? -1 : 1;
}

bool
fisc_gfs_is_under(const char *code, const char *parent)
{
    gsize length = strcspn(parent, ".");
    return length > 0 && strcspn(code, ".") >= length && strncmp(code, parent, length) == 0;
}

bool
fisc_gfs_is_expenditure(const char *code)
{
    if (code[0] == '2') {
        return true;
    }
    return strncmp(code, "31", 2) == 0 && suffix_of(code) <= 1;
}

const char *
fisc_gfs_cash_code(const char *code, char buffer[FISC_GFS_CODE])
{
    char account[FISC_GFS_CODE];
    int flow, kind;
    if (!fisc_gfs_parse(code, account, &flow, &kind) || flow != FISC_FLOW_TRANSACTION) {
        return NULL;
    }
    bool is_asset = account[0] == '6' && account[1] == '1';
    bool is_cash = fisc_gfs_is_under(account, "6202");
    bool is_consumption = kind == 3 || fisc_gfs_is_under(account, "23");
    if (is_cash || is_consumption) {
        return NULL; /* cash itself is what is moved; consumption of capital moves none */
    }
    if (is_asset) {
        g_strlcpy(buffer, kind == 2 ? "31.2" : "31.1", FISC_GFS_CODE);
    } else if (account[0] == '6') {
        g_strlcpy(buffer, code, FISC_GFS_CODE);
    } else {
        g_strlcpy(buffer, account, 3); /* 1x and 2x are told by two digits */
    }
    return buffer;
}
