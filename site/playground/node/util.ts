/** Stands in for `node:util` in the worker. */
export { dequal as isDeepStrictEqual } from 'dequal'
