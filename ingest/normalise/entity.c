/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/entity.h"
#include "ingest/base/must.h"
#include "ingest/base/slice.h"

/* Digits of a number: leading zeros are the classic way to hide one (`&#0000060`). */
#define ENTITY_DIGITS_MAX 12u

/* What attacks are spelt with; letters have no names. */
static const struct {
    struct slice name;
    char means;
} names[] = {
    {SLICE_INIT("lt;"), '<'},     {SLICE_INIT("gt;"), '>'},       {SLICE_INIT("amp;"), '&'},
    {SLICE_INIT("quot;"), '"'},   {SLICE_INIT("apos;"), '\''},    {SLICE_INIT("nbsp;"), ' '},
    {SLICE_INIT("Tab;"), '\t'},   {SLICE_INIT("NewLine;"), '\n'}, {SLICE_INIT("lpar;"), '('},
    {SLICE_INIT("rpar;"), ')'},   {SLICE_INIT("colon;"), ':'},    {SLICE_INIT("semi;"), ';'},
    {SLICE_INIT("sol;"), '/'},    {SLICE_INIT("bsol;"), '\\'},    {SLICE_INIT("period;"), '.'},
    {SLICE_INIT("comma;"), ','},  {SLICE_INIT("equals;"), '='},   {SLICE_INIT("excl;"), '!'},
    {SLICE_INIT("grave;"), '`'},  {SLICE_INIT("lcub;"), '{'},     {SLICE_INIT("lbrace;"), '{'},
    {SLICE_INIT("rcub;"), '}'},   {SLICE_INIT("rbrace;"), '}'},   {SLICE_INIT("lsqb;"), '['},
    {SLICE_INIT("lbrack;"), '['}, {SLICE_INIT("rsqb;"), ']'},     {SLICE_INIT("rbrack;"), ']'},
    {SLICE_INIT("dollar;"), '$'}, {SLICE_INIT("percnt;"), '%'},   {SLICE_INIT("ast;"), '*'},
    {SLICE_INIT("plus;"), '+'},   {SLICE_INIT("quest;"), '?'},    {SLICE_INIT("num;"), '#'},
    {SLICE_INIT("commat;"), '@'}, {SLICE_INIT("verbar;"), '|'},   {SLICE_INIT("vert;"), '|'},
    {SLICE_INIT("lowbar;"), '_'}, {SLICE_INIT("LT;"), '<'},       {SLICE_INIT("GT;"), '>'},
    {SLICE_INIT("QUOT;"), '"'},   {SLICE_INIT("AMP;"), '&'},
};

static int digit_of(char c)
{
    char lower = (char)(c | 0x20);
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 16;
}

/* "&#60;" "&#x3c": `text` begins with "&#". */
static size_t read_number(const char *text, size_t length, uint32_t *point)
{
    bool is_hex = length > 2 && (text[2] | 0x20) == 'x';
    size_t start = is_hex ? 3 : 2;
    size_t at = start;
    uint32_t number = 0;
    int base = is_hex ? 16 : 10;
    while (at < length && at - start < ENTITY_DIGITS_MAX && digit_of(text[at]) < base) {
        number =
            number <= 0x10FFFF ? number * (uint32_t)base + (uint32_t)digit_of(text[at]) : number;
        at++;
    }
    if (at == start) {
        return 0;
    }
    *point = number;
    return at < length && text[at] == ';' ? at + 1 : at;
}

size_t entity_read(const char *text, size_t length, uint32_t *point)
{
    MUST(length > 0 && text[0] == '&');
    if (length > 2 && text[1] == '#') {
        return read_number(text, length, point);
    }
    struct slice rest = slice_of(text + 1, length - 1);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_starts(rest, names[i].name)) {
            *point = (unsigned char)names[i].means;
            return names[i].name.len + 1;
        }
    }
    return 0;
}

size_t entity_write(uint32_t point, char *to)
{
    if (point < 0x80) {
        to[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        to[0] = (char)(0xC0 | point >> 6);
        to[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
        to[0] = '?';
        return 1;
    }
    if (point < 0x10000) {
        to[0] = (char)(0xE0 | point >> 12);
        to[1] = (char)(0x80 | (point >> 6 & 0x3F));
        to[2] = (char)(0x80 | (point & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | point >> 18);
    to[1] = (char)(0x80 | (point >> 12 & 0x3F));
    to[2] = (char)(0x80 | (point >> 6 & 0x3F));
    to[3] = (char)(0x80 | (point & 0x3F));
    return 4;
}
