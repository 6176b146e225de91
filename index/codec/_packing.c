/* The loops of index.codec.packing, where each has a stand-in of the same name that does the same in numpy.

   Arrays come as buffers, already of the right type and size: the caller in packing.py makes them. Numbers are
   int32 unless said otherwise. Nothing is allocated that outlives a call.
*/
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "_numbers.h"

/* gather(terms, documents, tf, positions, df, out_documents, out_tf, out_positions) -> (postings, occurrences)

   Each posting goes to the end of its term's stretch, or into the posting before it where that is of the same
   document. Stretches are as long as they can become at most, and moved together at the end. */
static PyObject *gather(PyObject *self, PyObject *args)
{
    Py_buffer in_terms, in_documents, in_tf, in_positions, out_df, out_documents, out_tf, out_positions;
    if (!PyArg_ParseTuple(args, "y*y*z*z*w*w*w*w*", &in_terms, &in_documents, &in_tf, &in_positions, &out_df,
                          &out_documents, &out_tf, &out_positions))
        return NULL;
    const int32_t *term = in_terms.buf, *document = in_documents.buf, *frequency = in_tf.buf;
    const int32_t *position = in_positions.buf;
    int32_t *df = out_df.buf, *to_document = out_documents.buf, *to_frequency = out_tf.buf;
    int32_t *to_position = out_positions.buf;
    int64_t count = in_terms.len / 4, terms = out_df.len / 4, postings = 0, occurrences = 0;
    int64_t *start = calloc(3 * (terms + 1), sizeof *start), *next = start + terms + 1, *next_place = next + terms + 1;
    if (start) {
        for (int64_t i = 0; i < count; i++)
            if (term[i] >= 0 && document[i] >= 0) {
                start[term[i] + 1]++;
                next_place[term[i] + 1] += frequency ? frequency[i] : 1;
            }
        for (int64_t i = 0; i < terms; i++) {
            df[i] = 0;
            start[i + 1] += start[i];
            next[i] = start[i];
            next_place[i + 1] += next_place[i];
        }
        occurrences = next_place[terms];
        for (int64_t i = 0, place = 0; i < count; i++) {
            int32_t tf = frequency ? frequency[i] : 1;
            const int32_t *from = position ? position + place : NULL;
            place += tf;
            if (term[i] < 0 || document[i] < 0)
                continue;
            int64_t last = next[term[i]] - 1;
            if (last >= start[term[i]] && to_document[last] == document[i]) {
                to_frequency[last] += tf;
            } else {
                last = next[term[i]]++;
                to_document[last] = document[i];
                to_frequency[last] = tf;
                df[term[i]]++;
            }
            if (!from)
                continue;
            int64_t first = next_place[term[i]] + tf - to_frequency[last], end = next_place[term[i]];
            next_place[term[i]] += tf;
            for (int32_t j = 0; j < tf; j++, end++) {
                int64_t at = end;
                for (; at > first && to_position[at - 1] > from[j]; at--)
                    to_position[at] = to_position[at - 1];
                to_position[at] = from[j];
            }
        }
        for (int64_t i = 0; i < terms; i++) {
            memmove(to_document + postings, to_document + start[i], df[i] * sizeof *to_document);
            memmove(to_frequency + postings, to_frequency + start[i], df[i] * sizeof *to_frequency);
            postings += df[i];
        }
    }
    int failed = !start;
    free(start);
    Py_buffer *all[] = {&in_terms, &in_documents, &in_tf, &in_positions, &out_df, &out_documents, &out_tf,
                        &out_positions};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        PyBuffer_Release(all[i]);
    return failed ? PyErr_NoMemory() : Py_BuildValue("LL", (long long)postings, (long long)occurrences);
}

/* pack(df, documents, tf, positions, starts) -> the records as bytes; the starts are int64 */
static PyObject *pack(PyObject *self, PyObject *args)
{
    Py_buffer dfs, documents, tfs, positions, out_starts;
    if (!PyArg_ParseTuple(args, "y*y*y*z*w*", &dfs, &documents, &tfs, &positions, &out_starts))
        return NULL;
    const int32_t *df = dfs.buf, *document = documents.buf, *tf = tfs.buf, *position = positions.buf;
    int64_t terms = dfs.len / 4, *starts = out_starts.buf, total = 0, posting = 0, place = 0;
    Size(*sizes)[3] = calloc(terms + 1, sizeof *sizes);
    PyObject *records = NULL;
    if (!sizes)
        PyErr_NoMemory();
    for (int64_t i = 0; sizes && i < terms; i++) {
        int32_t last = 0;
        for (int64_t end = posting + df[i]; posting < end; posting++) {
            measure(&sizes[i][0], (uint32_t)(document[posting] - last) << 1 | (tf[posting] > 1));
            last = document[posting];
            if (tf[posting] > 1)
                measure(&sizes[i][1], (uint32_t)tf[posting] - 2);
            if (position)
                for (int32_t j = 0, before = 0; j < tf[posting]; j++, place++) {
                    measure(&sizes[i][2], (uint32_t)(position[place] - before));
                    before = position[place];
                }
        }
        starts[i] = total;
        for (int list = 0; list < 3; list++)
            total += bytes_of(sizes[i][list]);
    }
    if (sizes)
        records = PyBytes_FromStringAndSize(NULL, total);
    uint8_t *at = records ? (uint8_t *)PyBytes_AS_STRING(records) : NULL;
    posting = place = 0;
    for (int64_t i = 0; records && i < terms; i++) {
        List lists[3];
        for (int list = 0; list < 3; list++) {
            lists[list] = list_at(at, sizes[i][list]);
            at += bytes_of(sizes[i][list]);
        }
        int32_t last = 0;
        for (int64_t end = posting + df[i]; posting < end; posting++) {
            write_number(&lists[0], (uint32_t)(document[posting] - last) << 1 | (tf[posting] > 1));
            last = document[posting];
            if (tf[posting] > 1)
                write_number(&lists[1], (uint32_t)tf[posting] - 2);
            if (position)
                for (int32_t j = 0, before = 0; j < tf[posting]; j++, place++) {
                    write_number(&lists[2], (uint32_t)(position[place] - before));
                    before = position[place];
                }
        }
    }
    free(sizes);
    Py_buffer *all[] = {&dfs, &documents, &tfs, &positions, &out_starts};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        PyBuffer_Release(all[i]);
    return records;
}

static PyObject *outside(void)
{
    PyErr_SetString(PyExc_ValueError, "a record leaves the blob");
    return NULL;
}

/* unpack_records(blob, starts, df, documents, tf, ends) -> occurrences; starts, df and ends are int64 */
static PyObject *unpack_records(PyObject *self, PyObject *args)
{
    Py_buffer blob, in_starts, in_df, documents, tfs, out_ends;
    if (!PyArg_ParseTuple(args, "y*y*y*w*w*w*", &blob, &in_starts, &in_df, &documents, &tfs, &out_ends))
        return NULL;
    Blob from = {blob.buf, blob.len};
    const int64_t *starts = in_starts.buf, *df = in_df.buf;
    int64_t *ends = out_ends.buf, terms = in_df.len / 8, occurrences = 0, most = 0, at = 0;
    int32_t *document = documents.buf, *tf = tfs.buf;
    for (int64_t i = 0; i < terms; i++)
        most = df[i] > most ? df[i] : most;
    uint32_t *extra = malloc((most + 1) * sizeof *extra);
    for (int64_t i = 0; extra && at >= 0 && i < terms; i++) {
        at = unpack(from, starts[i], df[i], (uint32_t *)document);
        int64_t repeats = 0, next = 0;
        uint32_t last = 0;
        for (int64_t j = 0; at >= 0 && j < df[i]; j++) {
            uint32_t doubled = (uint32_t)document[j];
            document[j] = (int32_t)(last += doubled >> 1);
            tf[j] = 1 + (int32_t)(doubled & 1);
            repeats += doubled & 1;
            at = j && doubled < 2 ? -1 : at; /* the same document again */
        }
        at = at < 0 ? -1 : unpack(from, at, repeats, extra);
        for (int64_t j = 0; at >= 0 && j < df[i]; j++) {
            if (tf[j] == 2) {
                at = extra[next] > MOST ? -1 : at;
                tf[j] += (int32_t)(extra[next++] & MOST);
            }
            occurrences += tf[j];
        }
        ends[i] = at;
        document += df[i];
        tf += df[i];
    }
    int failed = !extra;
    free(extra);
    Py_buffer *all[] = {&blob, &in_starts, &in_df, &documents, &tfs, &out_ends};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        PyBuffer_Release(all[i]);
    if (failed)
        return PyErr_NoMemory();
    return at < 0 ? outside() : PyLong_FromLongLong(occurrences);
}

/* unpack_places(blob, starts, df, tf, positions): starts and df are int64 */
static PyObject *unpack_places(PyObject *self, PyObject *args)
{
    Py_buffer blob, in_starts, in_df, tfs, out_positions;
    if (!PyArg_ParseTuple(args, "y*y*y*y*w*", &blob, &in_starts, &in_df, &tfs, &out_positions))
        return NULL;
    Blob from = {blob.buf, blob.len};
    const int64_t *starts = in_starts.buf, *df = in_df.buf;
    const int32_t *tf = tfs.buf;
    int32_t *position = out_positions.buf;
    int64_t terms = in_df.len / 8, room = out_positions.len / 4, at = 0;
    for (int64_t i = 0; at >= 0 && i < terms; i++) {
        int64_t count = 0;
        for (int64_t j = 0; j < df[i]; j++)
            count += tf[j];
        room -= count;
        at = room < 0 ? -1 : unpack(from, starts[i], count, (uint32_t *)position);
        for (int64_t j = 0; at >= 0 && j < df[i]; j++)
            for (int32_t k = 0, last = 0; k < tf[j]; k++, position++)
                *position = last += *position;
        tf += df[i];
    }
    Py_buffer *all[] = {&blob, &in_starts, &in_df, &tfs, &out_positions};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        PyBuffer_Release(all[i]);
    if (at < 0)
        return outside();
    Py_RETURN_NONE;
}

/* The sorted terms of one field, and the next of them. */
typedef struct {
    Py_buffer blob, ends, ranks;
    const uint8_t *term;
    int64_t size, at, count;
} Terms;

/* Go to the next term: 1, or 0 at the end, or -1 where the ends are none. */
static int go_on(Terms *terms)
{
    const uint64_t *ends = terms->ends.buf;
    if (++terms->at >= terms->count)
        return 0;
    uint64_t start = terms->at ? ends[terms->at - 1] : 0, end = ends[terms->at];
    if (start > end || end > (uint64_t)terms->blob.len)
        return -1;
    terms->term = (const uint8_t *)terms->blob.buf + start;
    terms->size = (int64_t)(end - start);
    return 1;
}

/* Say which of two comes first: by their terms, and of the same term the one that was given first. */
static int is_before(const Terms *one, const Terms *other)
{
    int order = memcmp(one->term, other->term, one->size < other->size ? one->size : other->size);
    if (!order)
        order = (one->size > other->size) - (one->size < other->size);
    return order < 0 || (!order && one < other);
}

/* Let what is at a place of a heap sink to where it belongs. */
static void sink(Terms **heap, int64_t at, int64_t size)
{
    for (int64_t child; (child = 2 * at + 1) < size; at = child) {
        if (child + 1 < size && is_before(heap[child + 1], heap[child]))
            child++;
        if (!is_before(heap[child], heap[at]))
            return;
        Terms *lower = heap[at];
        heap[at] = heap[child];
        heap[child] = lower;
    }
}

/* Merge what the heap holds, in place; NULL with an exception set. */
static PyObject *merge_heap(Terms **heap, int64_t size)
{
    PyObject *merged = PyList_New(0);
    const uint8_t *last = NULL;
    int64_t last_size = 0;
    for (int64_t at = size / 2; at-- > 0;)
        sink(heap, at, size);
    while (merged && size) {
        Terms *first = heap[0];
        if (!last || last_size != first->size || memcmp(last, first->term, last_size)) {
            PyObject *term = PyBytes_FromStringAndSize((const char *)first->term, first->size);
            if (!term || PyList_Append(merged, term) < 0)
                Py_CLEAR(merged);
            Py_XDECREF(term);
            last = first->term;
            last_size = first->size;
        }
        if (merged)
            ((int32_t *)first->ranks.buf)[first->at] = (int32_t)PyList_GET_SIZE(merged) - 1;
        int more = go_on(first);
        if (more < 0) {
            PyErr_SetString(PyExc_ValueError, "the ends of terms are not where they were written");
            Py_CLEAR(merged);
        }
        if (!more)
            heap[0] = heap[--size];
        sink(heap, 0, size);
    }
    return merged;
}

/* merge_terms([(blob, ends, ranks)]) -> the terms; the ends are uint64, and the ranks are written */
static PyObject *merge_terms(PyObject *self, PyObject *given)
{
    if (!PyList_Check(given))
        return PyErr_Format(PyExc_TypeError, "expected a list");
    int64_t several = PyList_GET_SIZE(given), size = 0, open = 0;
    Terms *terms = calloc(several + 1, sizeof *terms), **heap = calloc(several + 1, sizeof *heap);
    PyObject *merged = NULL;
    int failed = !terms || !heap;
    if (failed)
        PyErr_NoMemory();
    for (; !failed && open < several; open++) {
        Terms *each = &terms[open];
        if (!PyArg_ParseTuple(PyList_GET_ITEM(given, open), "y*y*w*", &each->blob, &each->ends, &each->ranks)) {
            failed = 1;
            break;
        }
        each->count = each->ends.len / 8;
        each->at = -1;
        int more = go_on(each);
        if (more < 0 || each->ranks.len / 4 < each->count) {
            PyErr_SetString(PyExc_ValueError, "the ends of terms are not where they were written");
            failed = 1;
        }
        if (more > 0)
            heap[size++] = each;
    }
    if (!failed)
        merged = merge_heap(heap, size);
    for (int64_t i = 0; terms && i < several; i++)
        if (terms[i].blob.obj) {
            PyBuffer_Release(&terms[i].blob);
            PyBuffer_Release(&terms[i].ends);
            PyBuffer_Release(&terms[i].ranks);
        }
    free(terms);
    free(heap);
    return merged;
}

/* A term to be sorted: its first eight bytes as a number tell it from most others. */
typedef struct {
    uint64_t head;
    const uint8_t *bytes;
    Py_ssize_t length;
    int64_t place;
} Sorted;

static int by_bytes(const void *one, const void *other)
{
    const Sorted *a = one, *b = other;
    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    int order = memcmp(a->bytes, b->bytes, a->length < b->length ? a->length : b->length);
    return order ? order : (a->length > b->length) - (a->length < b->length);
}

/* sorted_places(terms, places): the places of some different terms, a list of bytes, in the order of their bytes */
static PyObject *sorted_places(PyObject *self, PyObject *args)
{
    PyObject *terms;
    Py_buffer places;
    if (!PyArg_ParseTuple(args, "O!w*", &PyList_Type, &terms, &places))
        return NULL;
    Py_ssize_t count = PyList_GET_SIZE(terms);
    Sorted *sorted = malloc(count * sizeof *sorted + 1);
    int failed = !sorted || count != places.len / 8;
    if (!sorted)
        PyErr_NoMemory();
    else if (failed)
        PyErr_SetString(PyExc_ValueError, "expected a place for each term");
    for (Py_ssize_t i = 0; i < count && !failed; i++) {
        PyObject *term = PyList_GET_ITEM(terms, i);
        failed = !PyBytes_Check(term);
        if (failed) {
            PyErr_SetString(PyExc_TypeError, "expected bytes");
            break;
        }
        Sorted *each = &sorted[i];
        *each = (Sorted){0, (const uint8_t *)PyBytes_AS_STRING(term), PyBytes_GET_SIZE(term), i};
        for (int at = 0; at < 8; at++)
            each->head = each->head << 8 | (at < each->length ? each->bytes[at] : 0);
    }
    if (!failed)
        qsort(sorted, count, sizeof *sorted, by_bytes);
    for (Py_ssize_t i = 0; i < count && !failed; i++)
        ((int64_t *)places.buf)[i] = sorted[i].place;
    free(sorted);
    PyBuffer_Release(&places);
    return failed ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef functions[] = {
    {"sorted_places", sorted_places, METH_VARARGS, NULL},
    {"merge_terms", merge_terms, METH_O, NULL},
    {"gather", gather, METH_VARARGS, NULL},
    {"pack", pack, METH_VARARGS, NULL},
    {"unpack_records", unpack_records, METH_VARARGS, NULL},
    {"unpack_places", unpack_places, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_packing", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__packing(void) { return PyModule_Create(&module); }
