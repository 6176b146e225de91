/* How a list of small numbers is read and written (index/codec/numbers.py says what it looks like). */
#include <stdint.h>

#define WIDE 0xff
#define HUGE_REST 0xffff
#define MOST 0x3fffffff /* occurrences of a word in a text, less two: far more than any text has */

typedef struct {
    const uint8_t *bytes;
    int64_t size;
} Blob;

static inline uint32_t read_u16(const uint8_t *at) { return (uint32_t)at[0] | (uint32_t)at[1] << 8; }

static inline uint32_t read_u32(const uint8_t *at) { return read_u16(at) | read_u16(at + 2) << 16; }

/* Count the numbers of a list that are wider than a byte: by blocks, whose counts fit in bytes, 16 at once. */
static inline int64_t count_wide(const uint8_t *low, int64_t count)
{
    int64_t found = 0, i = 0;
    for (; i + 128 <= count; i += 128) {
        uint8_t here = 0;
        for (int j = 0; j < 128; j++)
            here += low[i + j] == WIDE;
        found += here;
    }
    for (; i < count; i++)
        found += low[i] == WIDE;
    return found;
}

/* Read a list of `count` numbers; give where it ends, or -1 where it leaves the blob. */
static inline int64_t unpack(Blob blob, int64_t start, int64_t count, uint32_t *numbers)
{
    if (start < 0 || count < 0 || start > blob.size || count > blob.size - start)
        return -1;
    const uint8_t *low = blob.bytes + start;
    int64_t wide_count = count_wide(low, count);
    if (!wide_count) {
        for (int64_t i = 0; i < count; i++)
            numbers[i] = low[i];
        return start + count;
    }
    if (2 * wide_count > blob.size - start - count)
        return -1;
    const uint8_t *wide = low + count, *huge = wide + 2 * wide_count, *end = blob.bytes + blob.size;
    for (int64_t i = 0; i < count; i++) {
        uint32_t number = low[i];
        if (number == WIDE) {
            uint32_t rest = read_u16(wide);
            wide += 2;
            number += rest;
            if (rest == HUGE_REST) {
                if (end - huge < 4)
                    return -1;
                number += read_u32(huge);
                huge += 4;
            }
        }
        numbers[i] = number;
    }
    return huge - blob.bytes;
}

/* How many numbers a list has, how many of them go on in 16 bits, and how many in 32. */
typedef struct {
    int64_t count, wide, huge;
} Size;

static inline void measure(Size *size, uint32_t number)
{
    size->count++;
    size->wide += number >= WIDE;
    size->huge += number >= WIDE + HUGE_REST;
}

static inline int64_t bytes_of(Size size) { return size.count + 2 * size.wide + 4 * size.huge; }

/* A list that is being written: where its next number goes, and the next that goes on. */
typedef struct {
    uint8_t *low, *wide, *huge;
} List;

static inline List list_at(uint8_t *at, Size size)
{
    return (List){at, at + size.count, at + size.count + 2 * size.wide};
}

static inline void write_number(List *list, uint32_t number)
{
    if (number < WIDE) {
        *list->low++ = (uint8_t)number;
        return;
    }
    uint32_t rest = number - WIDE, middle = rest < HUGE_REST ? rest : HUGE_REST;
    *list->low++ = WIDE;
    *list->wide++ = (uint8_t)middle;
    *list->wide++ = (uint8_t)(middle >> 8);
    if (middle == HUGE_REST)
        for (int shift = 0; shift < 32; shift += 8)
            *list->huge++ = (uint8_t)((rest - HUGE_REST) >> shift);
}
