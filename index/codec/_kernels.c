/* The loops of index.codec.kernels that numpy cannot do in one pass.

   Every function here has a stand-in of the same name in index/codec/kernels.py, which is what runs where this
   file was not compiled; tests run both. Arrays come as buffers, already of the right type and size: the caller
   in kernels.py makes them. Nothing is allocated that outlives a call, and the lock of the interpreter is kept:
   a call lasts microseconds.
*/
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const uint8_t *bytes;
    int64_t size;
} Blob;

#define MOST 0x3fffffff /* occurrences of a word in a text, less two: far more than any text has */

static uint32_t read_u16(const uint8_t *at) { return (uint32_t)at[0] | (uint32_t)at[1] << 8; }

static uint32_t read_u32(const uint8_t *at) { return read_u16(at) | read_u16(at + 2) << 16; }

/* Read a list of `count` numbers (index.codec.numbers); give where it ends, or -1 where it leaves the blob. */
static int64_t unpack(Blob blob, int64_t start, int64_t count, uint32_t *numbers)
{
    const uint8_t *low = blob.bytes + start;
    if (start < 0 || count < 0 || count > blob.size - start)
        return -1;
    int64_t wide_count = 0;
    for (int64_t i = 0; i < count; i++)
        wide_count += low[i] == 0xff;
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
        if (number == 0xff) {
            uint32_t rest = read_u16(wide);
            wide += 2;
            number += rest;
            if (rest == 0xffff) {
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

static PyObject *outside(void)
{
    PyErr_SetString(PyExc_ValueError, "a record leaves the blob");
    return NULL;
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
                    if (extra[next] > MOST)
                        place = -1;
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
            if (document >= documents || (j && doubled[j] < 2))
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

/* add_up(parts, scratch, seen, documents, sums) -> how many documents. A part is (documents, values), or
   (documents, frequencies, norms) where each value is a frequency times the norm of its document. `seen` is a bit
   a document, all zero, and is given back so. */
static PyObject *add_up(PyObject *self, PyObject *args)
{
    PyObject *parts;
    Py_buffer scratch, seen, documents, sums;
    if (!PyArg_ParseTuple(args, "O!w*w*w*w*", &PyList_Type, &parts, &scratch, &seen, &documents, &sums))
        return NULL;
    double *held = scratch.buf, *sum = sums.buf;
    uint64_t *bits = seen.buf;
    int32_t *found = documents.buf;
    int64_t total = 0;
    int failed = 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parts) && !failed; i++) {
        Py_buffer ours, values, norms = {0};
        if (!PyArg_ParseTuple(PyList_GET_ITEM(parts, i), "y*y*|y*", &ours, &values, &norms)) {
            failed = 1;
            break;
        }
        const int32_t *document = ours.buf, *frequency = values.buf;
        const double *given = values.buf, *norm = norms.buf;
        for (int64_t j = 0, count = ours.len / 4; j < count; j++) {
            uint32_t number = (uint32_t)document[j];
            uint64_t bit = 1ull << (number & 63);
            double value = norm ? frequency[j] * norm[number] : given[j];
            if (bits[number >> 6] & bit)
                held[number] += value;
            else {
                bits[number >> 6] |= bit;
                held[number] = value;
            }
        }
        PyBuffer_Release(&ours);
        PyBuffer_Release(&values);
        if (norms.obj)
            PyBuffer_Release(&norms);
    }
    for (int64_t word = 0, words = seen.len / 8; word < words; word++) {
        uint64_t left = bits[word];
        bits[word] = 0;
        for (; left; left &= left - 1) {
            int32_t number = (int32_t)(word * 64 + __builtin_ctzll(left));
            found[total] = number;
            sum[total++] = held[number];
        }
    }
    PyBuffer_Release(&scratch);
    PyBuffer_Release(&seen);
    PyBuffer_Release(&documents);
    PyBuffer_Release(&sums);
    return failed ? NULL : PyLong_FromLongLong(total);
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

/* find(values, wanted, places): where each of the wanted is among the values, or -1; both ascend */
static PyObject *find(PyObject *self, PyObject *args)
{
    Py_buffer values, wanted, places;
    if (!PyArg_ParseTuple(args, "y*y*w*", &values, &wanted, &places))
        return NULL;
    const int32_t *value = values.buf, *want = wanted.buf;
    int32_t *place = places.buf;
    int64_t at = 0, count = values.len / 4;
    for (int64_t i = 0, asked = wanted.len / 4; i < asked; i++) {
        at = gallop(value, at, count, want[i]);
        place[i] = at < count && value[at] == want[i] ? (int32_t)at : -1;
    }
    PyBuffer_Release(&values);
    PyBuffer_Release(&wanted);
    PyBuffer_Release(&places);
    Py_RETURN_NONE;
}

#define MAX_PLACES 64

/* One of the words that may stand at a place: its documents, where the positions of each end, positions. */
typedef struct {
    Py_buffer documents, ends, positions;
    const int32_t *document, *end, *position;
    int64_t count, at;
} Way;

/* A place of a sequence. `position` is what is at hand of one document: of one of the ways, or of several put
   together in `room`. `before` is how many places before it are the same. */
typedef struct {
    Way *ways;
    int size, before;
    const int32_t *position;
    int64_t first, last;
    int32_t *room;
    int64_t room_size;
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
    int64_t at[MAX_PLACES];
    int32_t found = 0;
    for (int i = 1; i < size; i++)
        at[i] = places[i].first;
    for (int64_t j = places[0].first; j < places[0].last; j++) {
        int whole = 1;
        for (int i = 1; i < size && whole; i++) {
            int64_t wanted = (int64_t)places[0].position[j] + i;
            at[i] = lower(places[i].position, at[i], places[i].last, wanted);
            whole = at[i] < places[i].last && places[i].position[at[i]] == wanted;
        }
        found += whole;
    }
    return found;
}

/* Count, in one document, the positions that a stretch with a word of each place starts at; -1 without memory. */
static int32_t count_near(Place *places, int size, int64_t width)
{
    int64_t room = 0, total = 0, at[MAX_PLACES];
    for (int i = 0; i < size; i++)
        room += places[i].last - places[i].first;
    int32_t few[64], *starts = room <= 64 ? few : malloc(room * sizeof *starts);
    if (!starts)
        return -1;
    for (int starter = 0; starter < size; starter++) {
        if (places[starter].before)
            continue; /* the same word again */
        for (int i = 0; i < size; i++)
            at[i] = places[i].first;
        for (int64_t j = places[starter].first; j < places[starter].last; j++) {
            int32_t start = places[starter].position[j];
            int whole = 1;
            for (int i = 0; i < size && whole; i++) {
                at[i] = lower(places[i].position, at[i], places[i].last, start);
                int64_t following = at[i] + places[i].before;
                whole = following < places[i].last && places[i].position[following] - start <= width;
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
        PyBuffer_Release(&place->ways[place->size].ends);
        PyBuffer_Release(&place->ways[place->size].positions);
    }
    free(place->ways);
    free(place->room);
}

/* Read (ways, before), where each way is (documents, ends, positions); -1 with an exception set. */
static int read_place(PyObject *given, Place *place)
{
    PyObject *ways;
    memset(place, 0, sizeof *place);
    if (!PyArg_ParseTuple(given, "O!i", &PyList_Type, &ways, &place->before))
        return -1;
    place->ways = calloc(PyList_GET_SIZE(ways) + 1, sizeof *place->ways);
    if (!place->ways) {
        PyErr_NoMemory();
        return -1;
    }
    for (; place->size < PyList_GET_SIZE(ways); place->size++) {
        Way *way = &place->ways[place->size];
        if (!PyArg_ParseTuple(PyList_GET_ITEM(ways, place->size), "y*y*y*", &way->documents, &way->ends,
                              &way->positions))
            return -1;
        way->document = way->documents.buf;
        way->end = way->ends.buf;
        way->position = way->positions.buf;
        way->count = way->documents.len / 4;
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

/* Bring the positions of a place in a document to hand: 1 where it has some, 0 where not, -1 without memory. */
static int stand_in(Place *place, int32_t number)
{
    int64_t first = 0, total = 0;
    int found = 0;
    for (int i = 0; i < place->size; i++) {
        Way *way = &place->ways[i];
        way->at = gallop(way->document, way->at, way->count, number);
        if (way->at >= way->count || way->document[way->at] != number)
            continue;
        int64_t from = way->at ? way->end[way->at - 1] : 0, count = way->end[way->at] - from;
        if (!found++) {
            place->position = way->position;
            first = place->first = from;
            place->last = from + count;
            total = count;
            continue;
        }
        if (total + count > place->room_size) {
            int own = place->position == place->room;
            int32_t *room = realloc(place->room, 2 * (total + count) * sizeof *room);
            if (!room)
                return -1;
            if (own)
                place->position = room;
            place->room = room;
            place->room_size = 2 * (total + count);
        }
        if (found == 2)
            memcpy(place->room, place->position + first, total * sizeof *place->room);
        memcpy(place->room + total, way->position + from, count * sizeof *place->room);
        place->position = place->room;
        total += count;
    }
    if (found > 1) { /* several words: in order, each position once */
        place->first = 0;
        place->last = in_order(place->room, total);
    }
    return found > 0;
}

/* stretches(places, ordered, width, documents, counts) -> how many documents */
static PyObject *stretches(PyObject *self, PyObject *args)
{
    PyObject *given;
    int ordered;
    long long width;
    Py_buffer documents, counts;
    if (!PyArg_ParseTuple(args, "O!pLw*w*", &PyList_Type, &given, &ordered, &width, &documents, &counts))
        return NULL;
    Place places[MAX_PLACES];
    int size = 0, failed = PyList_GET_SIZE(given) > MAX_PLACES || !PyList_GET_SIZE(given);
    if (failed)
        PyErr_SetString(PyExc_ValueError, "expected 1 to 64 places");
    while (!failed && size < PyList_GET_SIZE(given)) {
        failed = read_place(PyList_GET_ITEM(given, size), &places[size]) < 0;
        size++;
    }
    int32_t *found = documents.buf, *count = counts.buf, number;
    int64_t total = 0;
    Place *lead = places;
    for (int i = 1; i < size && !failed; i++)
        if (documents_of(&places[i]) < documents_of(lead))
            lead = &places[i];
    while (!failed && (number = next_document(lead)) != INT32_MAX) {
        int in_all = 1;
        for (int i = 0; i < size && in_all > 0; i++)
            in_all = stand_in(&places[i], number);
        int32_t here = 0;
        if (in_all > 0)
            here = ordered ? count_ordered(places, size) : count_near(places, size, width);
        if (in_all < 0 || here < 0) {
            PyErr_NoMemory();
            failed = 1;
        }
        if (here > 0) {
            found[total] = number;
            count[total++] = here;
        }
        for (int i = 0; i < lead->size; i++) {
            Way *way = &lead->ways[i];
            way->at += way->at < way->count && way->document[way->at] == number;
        }
    }
    while (size--)
        release_place(&places[size]);
    PyBuffer_Release(&documents);
    PyBuffer_Release(&counts);
    return failed ? NULL : PyLong_FromLongLong(total);
}

#define LONGEST 255

/* Give the optimal string alignment distance of two words, or more than `limit` where it is more. */
static int distance(const uint8_t *one, int size, const uint8_t *other, int other_size, int limit)
{
    int rows[3][LONGEST + 1], *two_back = rows[0], *back = rows[1], *row = rows[2];
    for (int j = 0; j <= other_size; j++)
        back[j] = j;
    for (int i = 1; i <= size; i++) {
        int least = row[0] = i;
        for (int j = 1; j <= other_size; j++) {
            int cost = back[j - 1] + (one[i - 1] != other[j - 1]);
            if (back[j] + 1 < cost)
                cost = back[j] + 1;
            if (row[j - 1] + 1 < cost)
                cost = row[j - 1] + 1;
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] &&
                two_back[j - 2] + 1 < cost)
                cost = two_back[j - 2] + 1;
            row[j] = cost;
            if (cost < least)
                least = cost;
        }
        if (least > limit)
            return limit + 1;
        int *oldest = two_back;
        two_back = back;
        back = row;
        row = oldest;
    }
    return back[other_size];
}

/* edits(blob, starts, ends, numbers, word, limit, distances): how far some words of a blob are from another */
static PyObject *edits(PyObject *self, PyObject *args)
{
    Py_buffer blob, starts, ends, numbers, word, distances;
    int limit;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*iw*", &blob, &starts, &ends, &numbers, &word, &limit, &distances))
        return NULL;
    const int64_t *start = starts.buf, *end = ends.buf, *number = numbers.buf;
    uint8_t *found = distances.buf;
    for (int64_t i = 0, count = numbers.len / 8; i < count; i++) {
        int64_t from = start[number[i]], size = end[number[i]] - from;
        int edits = limit + 1;
        if (size >= 0 && size <= LONGEST && word.len <= LONGEST && from >= 0 && from + size <= blob.len)
            edits = distance(word.buf, (int)word.len, (uint8_t *)blob.buf + from, (int)size, limit);
        found[i] = (uint8_t)(edits < 255 ? edits : 255);
    }
    PyBuffer_Release(&blob);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&ends);
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&word);
    PyBuffer_Release(&distances);
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"unpack_postings", unpack_postings, METH_VARARGS, NULL},
    {"add_records", add_records, METH_VARARGS, NULL},
    {"unpack_positions", unpack_positions, METH_VARARGS, NULL},
    {"add_up", add_up, METH_VARARGS, NULL},
    {"find", find, METH_VARARGS, NULL},
    {"stretches", stretches, METH_VARARGS, NULL},
    {"edits", edits, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_kernels", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernels(void) { return PyModule_Create(&module); }
