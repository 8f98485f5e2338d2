/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/scrub_words.h"
#include "ingest/base/must.h"

/* The same for both cases of a letter. */
static size_t pair(char a, char b)
{
    return ((size_t)(a & 31) << 5) | (size_t)(b & 31);
}

bool scrub_words_add(struct scrub_words *words, struct slice text, uint8_t kind)
{
    if (words->count == SCRUB_WORDS_MAX || text.len < SCRUB_WORD_BYTES_MIN) {
        return false;
    }
    words->text[words->count] = text;
    words->kind[words->count] = kind;
    words->count++;
    if (words->window == 0 || text.len < words->window) {
        words->window = (uint32_t)text.len;
    }
    MUST(words->window >= SCRUB_WORD_BYTES_MIN);
    return true;
}

void scrub_words_ready(struct scrub_words *words)
{
    MUST(words->count > 0 && words->count <= SCRUB_WORDS_MAX);
    uint32_t window = words->window < UINT8_MAX ? words->window : UINT8_MAX;
    words->window = window;
    memset(words->shift, (int)window - 1, sizeof(words->shift));
    for (uint32_t i = 0; i < words->count; i++) {
        const char *text = words->text[i].at;
        for (uint32_t end = 2; end <= window; end++) {
            uint8_t *shift = &words->shift[pair(text[end - 2], text[end - 1])];
            *shift = window - end < *shift ? (uint8_t)(window - end) : *shift;
        }
        uint8_t *first = &words->first[pair(text[window - 2], text[window - 1])];
        words->next[i] = *first;
        *first = (uint8_t)(i + 1);
    }
}

static bool is_at(struct slice word, struct slice text, size_t from)
{
    if (word.len > text.len - from) {
        return false;
    }
    for (size_t i = 0; i < word.len; i++) {
        if (scrub_lower(text.at[from + i]) != word.at[i]) {
            return false;
        }
    }
    return true;
}

bool scrub_words_find(const struct scrub_words *words, struct slice text, size_t from,
                      struct scrub_hit *out)
{
    size_t window = words->window;
    if (words->count == 0) {
        return false;
    }
    MUST(window >= SCRUB_WORD_BYTES_MIN);
    for (size_t end = from + window; end <= text.len;) {
        size_t hash = pair(text.at[end - 2], text.at[end - 1]);
        if (words->shift[hash] != 0) {
            end += words->shift[hash];
            continue;
        }
        for (uint8_t i = words->first[hash]; i != 0; i = words->next[i - 1]) {
            if (is_at(words->text[i - 1], text, end - window)) {
                *out = (struct scrub_hit){end - window, end - window + words->text[i - 1].len,
                                          words->kind[i - 1]};
                return true;
            }
        }
        end++;
    }
    return false;
}
