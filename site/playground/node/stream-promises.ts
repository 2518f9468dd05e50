/** Stands in for `node:stream/promises` in the worker, which writes no streams. */
export const finished = () => Promise.reject(new Error('streams are not written in a browser'))
