/** Stands in for `node:os` in the worker. */
export const tmpdir = () => '/tmp'
