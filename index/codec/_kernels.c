/* The loops of index.codec.kernels that numpy cannot do in one pass.

   Every function here has a stand-in of the same name in index/codec/kernels.py, which is what runs where this
   file was not compiled; tests run both. Arrays come as buffers, already of the right type and size: the caller
   in kernels.py makes them. Nothing is allocated that outlives a call, and the lock of the interpreter is kept,
   for a call lasts microseconds; but not by `stretches`, which reads every position of long quotations.
*/
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "_numbers.h"

static PyObject *outside(void)
{
    PyErr_SetString(PyExc_ValueError, "a record leaves the blob");
    return NULL;
}

static uint64_t end_of(const void *ends, Py_ssize_t width, int64_t number)
{
    switch (width) {
    case 1:
        return ((const uint8_t *)ends)[number];
    case 2:
        return ((const uint16_t *)ends)[number];
    case 4:
        return ((const uint32_t *)ends)[number];
    default:
        return ((const uint64_t *)ends)[number];
    }
}

/* lower_bound(blob, ends, width, wanted): the number of the first of some sorted terms that is not below one */
static PyObject *lower_bound(PyObject *self, PyObject *args)
{
    Py_buffer blob, ends, wanted;
    Py_ssize_t width;
    if (!PyArg_ParseTuple(args, "y*y*ny*", &blob, &ends, &width, &wanted))
        return NULL;
    int64_t low = 0, high = ends.len / width;
    uint64_t size = blob.len;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        uint64_t end = end_of(ends.buf, width, middle), start = middle ? end_of(ends.buf, width, middle - 1) : 0;
        end = end < size ? end : size;
        uint64_t length = start < end ? end - start : 0, asked = wanted.len;
        int order = length ? memcmp((const char *)blob.buf + start, wanted.buf, length < asked ? length : asked) : 0;
        if (order < 0 || (!order && length < asked))
            low = middle + 1;
        else
            high = middle;
    }
    PyBuffer_Release(&blob);
    PyBuffer_Release(&ends);
    PyBuffer_Release(&wanted);
    return PyLong_FromLongLong(low);
}

/* unpack_postings(blob, start, df, limit, documents, tf) -> where the positions start */
static PyObject *unpack_postings(PyObject *self, PyObject *args)
{
    Py_buffer blob, documents, tf;
    long long start, df, limit;
    if (!PyArg_ParseTuple(args, "y*LLLw*w*", &blob, &start, &df, &limit, &documents, &tf))
        return NULL;
    Blob from = {blob.buf, blob.len};
    int32_t *document = documents.buf, *frequency = tf.buf;
    int64_t place = -1, repeated = 0, next = 0;
    if (documents.len >= df * 4 && tf.len >= df * 4)
        place = unpack(from, start, df, documents.buf);
    if (place >= 0) {
        int64_t last = 0;
        for (int64_t i = 0; i < df; i++) {
            uint32_t doubled = ((uint32_t *)document)[i];
            last += doubled >> 1;
            if (last >= limit || (i && doubled < 2)) {
                place = -1; /* what is no document, or the same one again */
                break;
            }
            document[i] = (int32_t)last;
            frequency[i] = 1 + (int32_t)(doubled & 1);
            repeated += doubled & 1;
        }
        uint32_t *extra = repeated ? malloc(repeated * sizeof *extra) : NULL;
        if (repeated && place >= 0) {
            place = extra ? unpack(from, place, repeated, extra) : -1;
            for (int64_t i = 0; i < df && place >= 0; i++)
                if (frequency[i] == 2) {
                    place = extra[next] > MOST ? -1 : place;
                    frequency[i] += (int32_t)(extra[next++] & MOST);
                }
        }
        free(extra);
    }
    PyBuffer_Release(&blob);
    PyBuffer_Release(&documents);
    PyBuffer_Release(&tf);
    return place < 0 ? outside() : PyLong_FromLongLong(place);
}

/* add_records(blob, starts, df, counts): add the frequencies of many records to those of each document */
static PyObject *add_records(PyObject *self, PyObject *args)
{
    Py_buffer blob, starts, dfs, counts;
    if (!PyArg_ParseTuple(args, "y*y*y*w*", &blob, &starts, &dfs, &counts))
        return NULL;
    Blob from = {blob.buf, blob.len};
    const int64_t *start = starts.buf, *df = dfs.buf;
    int32_t *count = counts.buf;
    int64_t most = 0, documents = counts.len / 4, terms = starts.len / 8, place = 0;
    for (int64_t i = 0; i < terms; i++)
        most = df[i] > most ? df[i] : most;
    uint32_t *doubled = malloc(2 * (most + 1) * sizeof *doubled), *extra = doubled + most + 1;
    for (int64_t i = 0; i < terms && doubled && place >= 0; i++) {
        int64_t repeated = 0, next = 0, document = 0;
        place = unpack(from, start[i], df[i], doubled);
        for (int64_t j = 0; j < df[i] && place >= 0; j++)
            repeated += doubled[j] & 1;
        if (repeated && place >= 0)
            place = unpack(from, place, repeated, extra);
        for (int64_t j = 0; j < df[i] && place >= 0; j++) {
            document += doubled[j] >> 1;
            if (document >= documents || (j && doubled[j] < 2) || (doubled[j] & 1 && extra[next] > MOST))
                place = -1;
            else
                count[document] += doubled[j] & 1 ? 2 + (int32_t)extra[next++] : 1;
        }
    }
    int failed = !doubled;
    free(doubled);
    PyBuffer_Release(&blob);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&dfs);
    PyBuffer_Release(&counts);
    if (failed)
        return PyErr_NoMemory();
    return place < 0 ? outside() : Py_NewRef(Py_None);
}

/* unpack_positions(blob, start, tf, positions) */
static PyObject *unpack_positions(PyObject *self, PyObject *args)
{
    Py_buffer blob, tf, positions;
    long long start;
    if (!PyArg_ParseTuple(args, "y*Ly*w*", &blob, &start, &tf, &positions))
        return NULL;
    Blob from = {blob.buf, blob.len};
    const int32_t *frequency = tf.buf;
    int32_t *position = positions.buf;
    int64_t total = 0, count = tf.len / 4;
    for (int64_t i = 0; i < count; i++)
        total += frequency[i];
    int64_t end = positions.len >= total * 4 ? unpack(from, start, total, positions.buf) : -1;
    if (end >= 0)
        for (int64_t i = 0; i < count; i++) {
            for (int32_t j = 1; j < frequency[i]; j++)
                position[j] += position[j - 1];
            position += frequency[i];
        }
    PyBuffer_Release(&blob);
    PyBuffer_Release(&tf);
    PyBuffer_Release(&positions);
    return end < 0 ? outside() : Py_NewRef(Py_None);
}

/* Give the first place from `from` on whose value is not below `wanted`: steps double until they are past it. */
static int64_t gallop(const int32_t *values, int64_t from, int64_t count, int32_t wanted)
{
    int64_t step = 1, high = from;
    while (high < count && values[high] < wanted) {
        from = high + 1;
        high += step;
        step *= 2;
    }
    if (high > count)
        high = count;
    while (from < high) {
        int64_t middle = from + (high - from) / 2;
        if (values[middle] < wanted)
            from = middle + 1;
        else
            high = middle;
    }
    return from;
}

#define WINDOW 4096 /* documents whose sums are made together: they stay in the nearest cache */

/* What documents are worth in one part: a number each, or a frequency times the norm of the byte of the document. */
typedef struct {
    Py_buffer documents, values, bytes, norms;
    int64_t at, count;
} Part;

static int read_part(PyObject *given, Part *part)
{
    memset(part, 0, sizeof *part);
    if (!PyArg_ParseTuple(given, "y*y*|y*y*", &part->documents, &part->values, &part->bytes, &part->norms))
        return -1;
    part->count = part->documents.len / 4;
    return 0;
}

static void release_part(Part *part)
{
    PyBuffer_Release(&part->documents);
    PyBuffer_Release(&part->values);
    if (part->norms.obj) {
        PyBuffer_Release(&part->bytes);
        PyBuffer_Release(&part->norms);
    }
}

/* Add what the documents of a window are worth in a part, and count them. */
static void add_window(Part *part, uint32_t start, double *restrict sums, uint8_t *restrict times)
{
    const int32_t *document = part->documents.buf;
    int64_t at = part->at, end = part->count;
    if (start <= INT32_MAX - WINDOW)
        end = gallop(document, at, end, (int32_t)(start + WINDOW));
    part->at = end;
    if (part->norms.obj) {
        const int32_t *frequency = part->values.buf;
        const double *norm = part->norms.buf;
        const uint8_t *byte = part->bytes.buf;
        for (; at < end; at++) {
            uint32_t place = (uint32_t)document[at] - start;
            sums[place] += frequency[at] * norm[byte[document[at]]];
            times[place] += times[place] < UINT8_MAX;
        }
    } else {
        const double *given = part->values.buf;
        for (; at < end; at++) {
            uint32_t place = (uint32_t)document[at] - start;
            sums[place] += given[at];
            times[place] += times[place] < UINT8_MAX;
        }
    }
}

/* Give the documents of a window that are in any part, with their sums and counts; and how many they are. What was held of
   them is cleared for the next window. */
static int64_t gather_window(uint32_t start, double *restrict sums, uint8_t *restrict times,
                             int32_t *restrict documents, double *restrict given, uint8_t *restrict counts)
{
    int64_t total = 0;
    for (uint32_t at = 0; at < WINDOW; at += 8) { /* eight at once, of which most are none */
        uint64_t left;
        memcpy(&left, times + at, 8);
        for (; left; total++) {
            uint32_t byte = __builtin_ctzll(left) / 8, place = at + byte;
            left &= ~(0xffull << 8 * byte);
            documents[total] = (int32_t)(start + place);
            given[total] = sums[place];
            counts[total] = times[place];
            sums[place] = 0;
        }
        memset(times + at, 0, 8);
    }
    return total;
}

/* add_up(parts, documents, sums, counts) -> how many documents. A part is (documents, values), or (documents,
   frequencies, bytes, norms); the counts say in how many parts a document is, 255 for any more. */
static PyObject *add_up(PyObject *self, PyObject *args)
{
    PyObject *given;
    Py_buffer documents, sums, counts;
    if (!PyArg_ParseTuple(args, "O!w*w*w*", &PyList_Type, &given, &documents, &sums, &counts))
        return NULL;
    double held[WINDOW] = {0}, *sum = sums.buf;
    uint8_t times[WINDOW] = {0}, *counted = counts.buf;
    int32_t *found = documents.buf;
    int64_t size = 0, total = 0;
    Part *parts = malloc((PyList_GET_SIZE(given) + 1) * sizeof *parts);
    int failed = !parts;
    if (failed)
        PyErr_NoMemory();
    while (!failed && size < PyList_GET_SIZE(given)) {
        failed = read_part(PyList_GET_ITEM(given, size), &parts[size]) < 0;
        size += !failed;
    }
    while (!failed) {
        uint32_t next = UINT32_MAX;
        for (int64_t i = 0; i < size; i++)
            if (parts[i].at < parts[i].count) {
                uint32_t document = ((const uint32_t *)parts[i].documents.buf)[parts[i].at];
                next = document < next ? document : next;
            }
        if (next == UINT32_MAX)
            break;
        uint32_t start = next - next % WINDOW;
        for (int64_t i = 0; i < size; i++)
            add_window(&parts[i], start, held, times);
        total += gather_window(start, held, times, found + total, sum + total, counted + total);
    }
    while (size--)
        release_part(&parts[size]);
    free(parts);
    PyBuffer_Release(&documents);
    PyBuffer_Release(&sums);
    PyBuffer_Release(&counts);
    return failed ? NULL : PyLong_FromLongLong(total);
}

/* lift(scores, counts, all_parts, bonus): add a bonus a part, and the most of those not in all parts to those that are */
static PyObject *lift(PyObject *self, PyObject *args)
{
    Py_buffer scores, counts;
    int all_parts;
    double bonus, most = 0;
    if (!PyArg_ParseTuple(args, "w*y*id", &scores, &counts, &all_parts, &bonus))
        return NULL;
    double *score = scores.buf;
    const uint8_t *restrict count = counts.buf;
    for (int64_t i = 0; i < counts.len; i++) {
        double lifted = score[i] + bonus * count[i], other = count[i] == all_parts ? 0 : lifted;
        score[i] = lifted;
        most = other > most ? other : most;
    }
    for (int64_t i = 0; i < counts.len; i++)
        score[i] += count[i] == all_parts ? most : 0;
    PyBuffer_Release(&scores);
    PyBuffer_Release(&counts);
    Py_RETURN_NONE;
}

#define SLOTS 16384 /* documents that are looked for together: where each stands fits into the nearest cache */

/* Give where each of the wanted is among the values, or -1; both ascend. Few among many are looked for one by one. Others
   by a table of a slot a document, which costs the same whether they are there or not. */
static void locate(const int32_t *value, int64_t count, const int32_t *wanted, int64_t asked, int32_t *place)
{
    uint16_t slot[SLOTS];
    int64_t at = 0, i = 0;
    while (i < asked) {
        int64_t start = wanted[i], end = start + SLOTS;
        int32_t last = end < INT32_MAX ? (int32_t)end : INT32_MAX;
        at = gallop(value, at, count, wanted[i]);
        int64_t asked_here = end <= INT32_MAX ? gallop(wanted, i, asked, last) : asked;
        int64_t count_here = end <= INT32_MAX ? gallop(value, at, count, last) : count;
        if (count_here - at > 20 * (asked_here - i) || asked_here - i < SLOTS / 128) {
            for (; i < asked_here; i++) {
                at = gallop(value, at, count, wanted[i]);
                place[i] = at < count && value[at] == wanted[i] ? (int32_t)at : -1;
            }
            continue;
        }
        memset(slot, 0, sizeof slot);
        for (int64_t j = at; j < count_here; j++)
            slot[value[j] - start] = (uint16_t)(j - at + 1);
        for (; i < asked_here; i++) {
            int32_t found = slot[wanted[i] - start];
            place[i] = found ? (int32_t)at + found - 1 : -1;
        }
        at = count_here;
    }
}

/* find(values, wanted, places): where each of the wanted is among the values, or -1; both ascend */
static PyObject *find(PyObject *self, PyObject *args)
{
    Py_buffer values, wanted, places;
    if (!PyArg_ParseTuple(args, "y*y*w*", &values, &wanted, &places))
        return NULL;
    locate(values.buf, values.len / 4, wanted.buf, wanted.len / 4, places.buf);
    PyBuffer_Release(&values);
    PyBuffer_Release(&wanted);
    PyBuffer_Release(&places);
    Py_RETURN_NONE;
}

/* shared(documents, scores, others, other_scores, both, sums) -> how many documents are in both, and their sums */
static PyObject *shared(PyObject *self, PyObject *args)
{
    Py_buffer documents, scores, others, other_scores, both, sums;
    if (!PyArg_ParseTuple(args, "y*y*y*y*w*w*", &documents, &scores, &others, &other_scores, &both, &sums))
        return NULL;
    const int32_t *document = documents.buf;
    const double *score = scores.buf, *other_score = other_scores.buf;
    int32_t *found = both.buf; /* at first where each is among the others */
    double *sum = sums.buf;
    int64_t total = 0, ours = others.len ? documents.len / 4 : 0;
    locate(others.buf, others.len / 4, document, ours, found);
    for (int64_t i = 0; i < ours; i++) {
        int32_t at = found[i];
        found[total] = document[i];
        sum[total] = score[i] + other_score[at < 0 ? 0 : at];
        total += at >= 0;
    }
    PyBuffer_Release(&documents);
    PyBuffer_Release(&scores);
    PyBuffer_Release(&others);
    PyBuffer_Release(&other_scores);
    PyBuffer_Release(&both);
    PyBuffer_Release(&sums);
    return PyLong_FromLongLong(total);
}

/* add_found(documents, sums, others, scores): add the scores of others to the sums, where they are among the documents */
static PyObject *add_found(PyObject *self, PyObject *args)
{
    Py_buffer documents, sums, others, scores;
    if (!PyArg_ParseTuple(args, "y*w*y*y*", &documents, &sums, &others, &scores))
        return NULL;
    const double *score = scores.buf;
    double *sum = sums.buf;
    int64_t theirs = others.len / 4;
    int32_t *place = PyMem_Malloc(theirs * sizeof *place + 1);
    if (place) {
        locate(documents.buf, documents.len / 4, others.buf, theirs, place);
        for (int64_t i = 0; i < theirs; i++)
            if (place[i] >= 0)
                sum[place[i]] += score[i];
        PyMem_Free(place);
    }
    PyBuffer_Release(&documents);
    PyBuffer_Release(&sums);
    PyBuffer_Release(&others);
    PyBuffer_Release(&scores);
    return place ? Py_NewRef(Py_None) : PyErr_NoMemory();
}

/* One of the words that may stand at a place, as its record says: the positions are read of those documents only
   that have a word of every place. `at` is the document at hand; before document `read` lie `passed`
   positions, of which `wide` go on behind the bytes and `huge` behind those. */
typedef struct {
    Py_buffer documents, frequencies;
    const int32_t *document, *frequency;
    int64_t count, start, total, all_wide, at, read, passed, wide, huge;
} Way;

/* A place of a sequence. `position` is what is at hand of one document, of all the ways together, and `at` the one
   that is looked at. `step` is how far behind the first place it stands in a sequence that is ordered, and
   otherwise how many places before it are the same. */
typedef struct {
    Way *ways;
    int size, step;
    int32_t *position;
    int64_t first, last, room, at;
} Place;

static int64_t lower(const int32_t *positions, int64_t from, int64_t to, int64_t wanted)
{
    while (from < to && positions[from] < wanted)
        from++;
    return from;
}

static int by_value(const void *one, const void *other)
{
    int32_t a = *(const int32_t *)one, b = *(const int32_t *)other;
    return (a > b) - (a < b);
}

/* Put positions in order, each once; give how many are left. They are a few sorted runs, so mostly in order. */
static int64_t in_order(int32_t *positions, int64_t count)
{
    if (count > 256)
        qsort(positions, count, sizeof *positions, by_value);
    else
        for (int64_t i = 1; i < count; i++) {
            int32_t position = positions[i];
            int64_t j = i;
            for (; j && positions[j - 1] > position; j--)
                positions[j] = positions[j - 1];
            positions[j] = position;
        }
    int64_t kept = count > 0;
    for (int64_t i = 1; i < count; i++)
        if (positions[i] != positions[kept - 1])
            positions[kept++] = positions[i];
    return kept;
}

/* Count, in one document, the positions that an ordered sequence starts at. */
static int32_t count_ordered(Place *places, int size)
{
    int32_t found = 0;
    for (int i = 1; i < size; i++)
        places[i].at = places[i].first;
    for (int64_t j = places[0].first; j < places[0].last; j++) {
        int whole = 1;
        for (int i = 1; i < size && whole; i++) {
            Place *place = &places[i];
            int64_t wanted = (int64_t)places[0].position[j] + place->step;
            place->at = lower(place->position, place->at, place->last, wanted);
            whole = place->at < place->last && place->position[place->at] == wanted;
        }
        found += whole;
    }
    return found;
}

/* Count, in one document, the positions that a stretch with a word of each place starts at; -1 without memory. */
static int32_t count_near(Place *places, int size, int64_t width)
{
    int64_t room = 0, total = 0;
    for (int i = 0; i < size; i++)
        room += places[i].last - places[i].first;
    int32_t few[64], *starts = room <= 64 ? few : malloc(room * sizeof *starts);
    if (!starts)
        return -1;
    for (int starter = 0; starter < size; starter++) {
        if (places[starter].step)
            continue; /* the same word again */
        for (int i = 0; i < size; i++)
            places[i].at = places[i].first;
        for (int64_t j = places[starter].first; j < places[starter].last; j++) {
            int32_t start = places[starter].position[j];
            int whole = 1;
            for (int i = 0; i < size && whole; i++) {
                Place *place = &places[i];
                place->at = lower(place->position, place->at, place->last, start);
                int64_t following = place->at + place->step;
                whole = following < place->last && place->position[following] - start <= width;
            }
            if (whole)
                starts[total++] = start;
        }
    }
    int32_t found = (int32_t)in_order(starts, total);
    if (starts != few)
        free(starts);
    return found;
}

static void release_place(Place *place)
{
    while (place->size--) {
        PyBuffer_Release(&place->ways[place->size].documents);
        PyBuffer_Release(&place->ways[place->size].frequencies);
    }
    free(place->ways);
    free(place->position);
}

/* Read (ways, step), where each way is (documents, frequencies, where its positions start); -1 with an exception. */
static int read_place(PyObject *given, Blob blob, Place *place)
{
    PyObject *ways;
    memset(place, 0, sizeof *place);
    if (!PyArg_ParseTuple(given, "O!i", &PyList_Type, &ways, &place->step))
        return -1;
    place->ways = calloc(PyList_GET_SIZE(ways) + 1, sizeof *place->ways);
    if (!place->ways) {
        PyErr_NoMemory();
        return -1;
    }
    for (; place->size < PyList_GET_SIZE(ways); place->size++) {
        Way *way = &place->ways[place->size];
        long long start;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(ways, place->size), "y*y*L", &way->documents, &way->frequencies, &start))
            return -1;
        way->document = way->documents.buf;
        way->frequency = way->frequencies.buf;
        way->count = way->documents.len / 4;
        way->start = start;
        way->all_wide = -1;
        for (int64_t i = 0; i < way->count; i++)
            way->total += way->frequency[i];
        if (start < 0 || start > blob.size || way->total > blob.size - start) {
            place->size++;
            outside();
            return -1;
        }
    }
    return 0;
}

static int64_t documents_of(const Place *place)
{
    int64_t total = 0;
    for (int i = 0; i < place->size; i++)
        total += place->ways[i].count;
    return total;
}

/* Give the first document from here on that has a word of a place, or INT32_MAX. */
static int32_t next_document(const Place *place)
{
    int32_t next = INT32_MAX;
    for (int i = 0; i < place->size; i++) {
        const Way *way = &place->ways[i];
        if (way->at < way->count && way->document[way->at] < next)
            next = way->document[way->at];
    }
    return next;
}

/* Go on to a document: say whether any of the ways of a place has it. */
static int go_to(Place *place, int32_t number)
{
    int found = 0;
    for (int i = 0; i < place->size; i++) {
        Way *way = &place->ways[i];
        way->at = gallop(way->document, way->at, way->count, number);
        found |= way->at < way->count && way->document[way->at] == number;
    }
    return found;
}

/* Pass over positions without reading them. */
static void pass(Blob blob, Way *way, int64_t count)
{
    int64_t wide = count_wide(blob.bytes + way->start + way->passed, count);
    const uint8_t *rest = blob.bytes + way->start + way->total + 2 * way->wide;
    if (2 * wide <= blob.bytes + blob.size - rest)
        for (int64_t i = 0; i < wide; i++)
            way->huge += read_u16(rest + 2 * i) == HUGE_REST;
    way->wide += wide;
    way->passed += count;
}

/* Read the positions of the document at hand; 0 where they leave the blob. */
static int read_positions(Blob blob, Way *way, int32_t *positions)
{
    int64_t before = 0, count = way->frequency[way->at];
    for (; way->read < way->at; way->read++)
        before += way->frequency[way->read];
    pass(blob, way, before);
    const uint8_t *low = blob.bytes + way->start + way->passed;
    int64_t wide = way->wide, huge = way->huge, position = 0;
    for (int64_t i = 0; i < count; i++) {
        uint32_t number = low[i];
        if (number == WIDE) {
            int64_t rest = way->start + way->total + 2 * wide++;
            if (rest > blob.size - 2)
                return 0;
            number += read_u16(blob.bytes + rest);
            if (number == WIDE + HUGE_REST) { /* behind all the wide ones, which few texts ask to count */
                if (way->all_wide < 0)
                    way->all_wide = count_wide(blob.bytes + way->start, way->total);
                rest = way->start + way->total + 2 * way->all_wide + 4 * huge++;
                if (rest > blob.size - 4)
                    return 0;
                number += read_u32(blob.bytes + rest);
            }
        }
        position += number;
        positions[i] = (int32_t)position;
    }
    way->passed += count;
    way->wide = wide;
    way->huge = huge;
    way->read++;
    return 1;
}

typedef enum { READ, OUTSIDE, NO_MEMORY } Outcome; /* of reading records without the lock of the interpreter */

/* Bring the positions of a place in a document to hand. */
static Outcome stand_in(Blob blob, Place *place, int32_t number)
{
    int64_t total = 0;
    for (int i = 0; i < place->size; i++) {
        Way *way = &place->ways[i];
        if (way->at >= way->count || way->document[way->at] != number)
            continue;
        int64_t wanted = total + way->frequency[way->at];
        if (wanted > place->room) {
            int32_t *room = realloc(place->position, 2 * wanted * sizeof *room);
            if (!room)
                return NO_MEMORY;
            place->position = room;
            place->room = 2 * wanted;
        }
        if (!read_positions(blob, way, place->position + total))
            return OUTSIDE;
        total = wanted;
    }
    place->first = 0;
    place->last = place->size > 1 ? in_order(place->position, total) : total; /* of several words each position once */
    return READ;
}

/* stretches(blob, places, ordered, width, documents, counts) -> how many documents */
static PyObject *stretches(PyObject *self, PyObject *args)
{
    PyObject *given;
    int ordered;
    long long width;
    Py_buffer records, documents, counts;
    if (!PyArg_ParseTuple(args, "y*O!pLw*w*", &records, &PyList_Type, &given, &ordered, &width, &documents, &counts))
        return NULL;
    Blob blob = {records.buf, records.len};
    Place *places = calloc(PyList_GET_SIZE(given) + 1, sizeof *places);
    int size = 0, failed = !places || !PyList_GET_SIZE(given);
    Outcome outcome = READ;
    if (!places)
        PyErr_NoMemory();
    else if (failed)
        PyErr_SetString(PyExc_ValueError, "expected places");
    while (!failed && size < PyList_GET_SIZE(given)) {
        failed = read_place(PyList_GET_ITEM(given, size), blob, &places[size]) < 0;
        size++;
    }
    int32_t *found = documents.buf, *count = counts.buf, number;
    int64_t total = 0;
    Place *lead = places;
    for (int i = 1; i < size && !failed; i++)
        if (documents_of(&places[i]) < documents_of(lead))
            lead = &places[i];
    Py_BEGIN_ALLOW_THREADS
    while (!failed && outcome == READ && (number = next_document(lead)) != INT32_MAX) {
        int in_all = 1;
        for (int i = 0; i < size && in_all; i++)
            in_all = go_to(&places[i], number);
        for (int i = 0; i < size && in_all && outcome == READ; i++)
            outcome = stand_in(blob, &places[i], number);
        if (in_all && outcome == READ) {
            int32_t here = ordered ? count_ordered(places, size) : count_near(places, size, width);
            if (here < 0)
                outcome = NO_MEMORY;
            found[total] = number;
            count[total] = here;
            total += here > 0;
        }
        for (int i = 0; i < lead->size; i++) {
            Way *way = &lead->ways[i];
            way->at += way->at < way->count && way->document[way->at] == number;
        }
    }
    Py_END_ALLOW_THREADS
    if (outcome == NO_MEMORY)
        PyErr_NoMemory();
    else if (outcome == OUTSIDE)
        outside();
    while (size--)
        release_place(&places[size]);
    free(places);
    PyBuffer_Release(&records);
    PyBuffer_Release(&documents);
    PyBuffer_Release(&counts);
    return failed || outcome != READ ? NULL : PyLong_FromLongLong(total);
}

/* letters(blob, ends, width, lengths, found): of the fold that each term begins with, up to its NUL, how long it is, or -1
   where it is not ASCII, -2 where it is that of the term before; and which letters it has, whatever their order: a bit a
   letter, another where it comes twice */
static PyObject *letters(PyObject *self, PyObject *args)
{
    Py_buffer blob, ends, lengths, found;
    Py_ssize_t width;
    if (!PyArg_ParseTuple(args, "y*y*nw*w*", &blob, &ends, &width, &lengths, &found))
        return NULL;
    const uint8_t *letter = blob.buf;
    int16_t *length = lengths.buf;
    uint64_t *bits = found.buf, size = blob.len, start = 0, before = 0, before_size = UINT64_MAX;
    for (int64_t i = 0, count = lengths.len / 2; i < count; i++) {
        uint64_t end = end_of(ends.buf, width, i), at = start;
        uint32_t once = 0, twice = 0, beyond = 0;
        end = end < size ? end : size;
        for (; at < end && letter[at]; at++) {
            uint32_t bit = 1u << (letter[at] & 31);
            beyond |= letter[at];
            twice |= once & bit;
            once |= bit;
        }
        length[i] = beyond < 128 && at - start <= INT16_MAX ? (int16_t)(at - start) : -1;
        if (at - start == before_size && !memcmp(letter + start, letter + before, before_size))
            length[i] = -2;
        before = start;
        before_size = at - start;
        bits[i] = once | (uint64_t)twice << 32;
        start = end;
    }
    PyBuffer_Release(&blob);
    PyBuffer_Release(&ends);
    PyBuffer_Release(&lengths);
    PyBuffer_Release(&found);
    Py_RETURN_NONE;
}

/* Give the optimal string alignment distance of two words, of which the first has 64 letters at most: `of_letter` says
   which of them are a letter. All cells of a row of the table at once, as differences to their neighbours.
   Source: Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances" (2003). */
static int64_t distance(const uint64_t *of_letter, int64_t size, const uint8_t *other, int64_t other_size)
{
    uint64_t more = ~0ull, less = 0, same = 0, matched_before = 0, last = 1ull << (size - 1);
    int64_t edits = size;
    for (int64_t i = 0; i < other_size; i++) {
        uint64_t matched = of_letter[other[i]];
        uint64_t swapped = ((~same & matched) << 1) & matched_before;
        same = (((matched & more) + more) ^ more) | matched | less | swapped;
        uint64_t up = less | ~(same | more), down = same & more;
        edits += (up & last) != 0;
        edits -= (down & last) != 0;
        up = up << 1 | 1;
        down <<= 1;
        more = down | ~(same | up);
        less = same & up;
        matched_before = matched;
    }
    return edits;
}

/* edits(blob, starts, ends, word, distances): how far some words of a blob are from another */
static PyObject *edits(PyObject *self, PyObject *args)
{
    Py_buffer blob, starts, ends, word, distances;
    if (!PyArg_ParseTuple(args, "y*y*y*y*w*", &blob, &starts, &ends, &word, &distances))
        return NULL;
    const int64_t *start = starts.buf, *end = ends.buf;
    const uint8_t *letter = word.buf;
    uint8_t *found = distances.buf;
    uint64_t of_letter[256] = {0};
    for (int64_t i = 0; i < word.len; i++)
        of_letter[letter[i]] |= 1ull << (i & 63);
    for (int64_t i = 0, count = starts.len / 8; i < count; i++) {
        int64_t size = end[i] - start[i], edits = 255;
        if (size >= 0 && start[i] >= 0 && end[i] <= blob.len)
            edits = word.len ? distance(of_letter, word.len, (uint8_t *)blob.buf + start[i], size) : size;
        found[i] = (uint8_t)(edits < 255 ? edits : 255);
    }
    PyBuffer_Release(&blob);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&ends);
    PyBuffer_Release(&word);
    PyBuffer_Release(&distances);
    Py_RETURN_NONE;
}

#define SAMPLE 64
#define STRETCH 8 /* values that are compared together */
#define FEW 64
#define MAX_KEYS 4

/* What hits are ordered by: the largest value of the first key first, then of the next; then the first place. */
typedef struct {
    const double *keys[MAX_KEYS];
    int size;
} Order;

static int comes_before(const Order *order, int32_t one, int32_t other)
{
    for (int i = 0; i < order->size; i++) {
        double a = order->keys[i][one], b = order->keys[i][other];
        if (a != b)
            return a > b;
    }
    return one < other;
}

/* Put places in order by merging halves; `room` holds as many. */
static void sort_places(const Order *order, int32_t *places, int64_t count, int32_t *room)
{
    if (count < 2)
        return;
    int64_t half = count / 2, i = 0, j = half, k = 0;
    sort_places(order, places, half, room);
    sort_places(order, places + half, count - half, room);
    memcpy(room, places, half * sizeof *room);
    while (i < half && j < count)
        places[k++] = comes_before(order, places[j], room[i]) ? places[j++] : room[i++];
    memcpy(places + k, room + i, (half - i) * sizeof *room);
}

static int descending(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a < b) - (a > b);
}

/* Give two values of a key between which the hits `first` to `last` are likely to lie, by those of a sample. Without
   `places` all `count` are meant. */
static void bracket(const double *key, const int32_t *places, int64_t count, int64_t first, int64_t last,
                    double margin, double *low, double *high)
{
    double sample[SAMPLE];
    for (int64_t i = 0; i < SAMPLE; i++)
        sample[i] = key[places ? places[i * count / SAMPLE] : i * count / SAMPLE];
    qsort(sample, SAMPLE, sizeof *sample, descending);
    double from = (double)first * SAMPLE / count, to = (double)last * SAMPLE / count;
    from -= margin * (1 + sqrt(from));
    to += margin * (1 + sqrt(to));
    *high = from < 0 ? INFINITY : sample[(int)from];
    *low = to >= SAMPLE ? -INFINITY : sample[(int)to];
}

/* Say whether any of a few values reaches another, with no branch among them: the compiler compares several at once. */
static int reaches(const double *values, double least)
{
    int found = 0;
    for (int i = 0; i < STRETCH; i++)
        found |= values[i] >= least;
    return found;
}

/* Put the places of the first few hits in order; give how many there are whose first key reaches `least`. The more are
   found, the fewer of the others need a second look. */
static int64_t first_few(const Order *order, int64_t count, int64_t wanted, double least, int32_t *places)
{
    const double *key = order->keys[0];
    int64_t size = 0;
    for (int64_t start = 0; start < count; start += STRETCH) {
        int64_t end = start + STRETCH;
        if (end > count)
            end = count;
        else if (!reaches(key + start, least))
            continue;
        for (int64_t i = start; i < end; i++) {
            if (key[i] < least || (size == wanted && !comes_before(order, i, places[size - 1])))
                continue;
            int64_t at = size < wanted ? size++ : size - 1;
            for (; at && comes_before(order, i, places[at - 1]); at--)
                places[at] = places[at - 1];
            places[at] = (int32_t)i;
            if (size == wanted)
                least = key[places[size - 1]];
        }
    }
    return size;
}

static void widen(const int32_t *places, int64_t count, int64_t *into)
{
    for (int64_t i = 0; i < count; i++)
        into[i] = places[i];
}

/* best(keys, first, last, places): the places of the hits `first` to `last`. Most values are looked at once, and only
   those near the hits wanted are put in order, however far down those are. */
static PyObject *best(PyObject *self, PyObject *args)
{
    PyObject *keys;
    long long first, last;
    Py_buffer found, held[MAX_KEYS];
    if (!PyArg_ParseTuple(args, "O!LLw*", &PyList_Type, &keys, &first, &last, &found))
        return NULL;
    Order order = {.size = 0};
    int failed = PyList_GET_SIZE(keys) > MAX_KEYS || !PyList_GET_SIZE(keys);
    if (failed)
        PyErr_SetString(PyExc_ValueError, "expected 1 to 4 keys");
    while (!failed && order.size < PyList_GET_SIZE(keys)) {
        failed = PyObject_GetBuffer(PyList_GET_ITEM(keys, order.size), &held[order.size], PyBUF_SIMPLE) < 0;
        if (!failed) {
            order.keys[order.size] = held[order.size].buf;
            order.size++;
        }
    }
    int64_t count = failed ? 0 : held[0].len / 8;
    int32_t *room = NULL;
    if (!failed && last > FEW && !(room = PyMem_Malloc(2 * count * sizeof *room))) {
        failed = 1;
        PyErr_NoMemory();
    }
    if (!failed && last <= FEW) {
        int32_t few[FEW];
        double low = -INFINITY, high;
        if (count > 4 * SAMPLE)
            bracket(order.keys[0], NULL, count, 0, last, 3, &low, &high);
        if (first_few(&order, count, last, low, few) < last) /* the sample misled */
            first_few(&order, count, last, -INFINITY, few);
        widen(few + first, last - first, found.buf);
    } else if (!failed) {
        int64_t offset = first;
        int32_t *kept = room, *spare = room + count;
        const int32_t *places = NULL; /* those that are left; at first all */
        int equal = 0; /* how many keys are the same for all places that are left */
        for (double margin = 3; count > 4 * SAMPLE && equal < order.size && margin < SAMPLE;) {
            const double *key = order.keys[equal];
            double low, high;
            bracket(key, places, count, offset, offset + last - first, margin, &low, &high);
            int64_t above = 0, within = 0;
            double least = INFINITY, most = -INFINITY;
            for (int64_t i = 0; i < count; i++) {
                int32_t place = places ? places[i] : (int32_t)i;
                double value = key[place];
                if (value < low)
                    continue;
                if (value > high) {
                    above++;
                    continue;
                }
                kept[within++] = place;
                least = value < least ? value : least;
                most = value > most ? value : most;
            }
            if (above > offset || above + within < offset + last - first || (within == count && least < most)) {
                margin *= 4; /* the sample misled, or says nothing */
                continue;
            }
            int32_t *other = kept;
            places = kept;
            kept = spare;
            spare = other;
            count = within;
            offset -= above;
            equal += least == most;
        }
        if (equal < order.size) {
            if (places)
                memcpy(kept, places, count * sizeof *kept);
            else
                for (int64_t i = 0; i < count; i++)
                    kept[i] = (int32_t)i;
            sort_places(&order, kept, count, spare);
            places = kept;
        }
        widen(places + offset, last - first, found.buf);
    }
    PyMem_Free(room);
    while (order.size--)
        PyBuffer_Release(&held[order.size]);
    PyBuffer_Release(&found);
    return failed ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef functions[] = {
    {"lower_bound", lower_bound, METH_VARARGS, NULL},
    {"unpack_postings", unpack_postings, METH_VARARGS, NULL},
    {"add_records", add_records, METH_VARARGS, NULL},
    {"unpack_positions", unpack_positions, METH_VARARGS, NULL},
    {"add_up", add_up, METH_VARARGS, NULL},
    {"lift", lift, METH_VARARGS, NULL},
    {"find", find, METH_VARARGS, NULL},
    {"shared", shared, METH_VARARGS, NULL},
    {"add_found", add_found, METH_VARARGS, NULL},
    {"best", best, METH_VARARGS, NULL},
    {"stretches", stretches, METH_VARARGS, NULL},
    {"letters", letters, METH_VARARGS, NULL},
    {"edits", edits, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_kernels", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernels(void) { return PyModule_Create(&module); }
