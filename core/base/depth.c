/* depth.c: see depth.h. */
#include "core/base/depth.h"

bool
fisc_json_is_deep(const char *text, gsize length)
{
    int depth = 0;
    bool is_text = false;
    for (gsize i = 0; i < length; i++) {
        char c = text[i];
        if (is_text) {
            i += c == '\\';
            is_text = c != '"';
        } else if (c == '"') {
            is_text = true;
        } else if (c == '{' || c == '[') {
            if (++depth > FISC_JSON_DEPTH_MAX) {
                return true;
            }
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}
