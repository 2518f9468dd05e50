'use strict'
/**
 * Runs the programs of this folder from their archives. They are CommonJS modules; all of an archive are compressed together,
 * which takes half the space of as many files in a .vsix. A module is compiled when it is first required.
 */
const { existsSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const { compileFunction } = require('node:vm')
const { brotliDecompressSync } = require('node:zlib')

/** In the order in which they are searched. One is opened when those before it do not have a module. */
const ARCHIVES = ['extension.br', 'programs.br', 'npm-only.br']
const PARAMETERS = ['exports', 'require', 'module', '__filename']

/**
 * The modules of an archive by name, in UTF-8. Its first line is JSON: pairs of a name and a count of bytes. The modules follow.
 * @param {Buffer} compressed
 * @returns {Map<string, Buffer>}
 */
function modulesIn(compressed) {
  const bytes = brotliDecompressSync(compressed)
  let end = bytes.indexOf('\n') + 1
  /** @type {[string, number][]} */
  const index = JSON.parse(bytes.toString('utf8', 0, end))
  return new Map(
    index.map(([name, size]) => {
      end += size
      return [name, bytes.subarray(end - size, end)]
    }),
  )
}

/**
 * Runs a program, and returns its exports.
 * @param {string} program The name of its first module
 */
function run(program) {
  const closed = ARCHIVES.map((name) => join(__dirname, name)).filter((file) => existsSync(file))
  /** @type {Map<string, Buffer>[]} */
  const opened = []
  /** @type {Map<string, { exports: unknown }>} */
  const loaded = new Map()

  /** @param {string} name */
  function find(name) {
    const found = opened.find((modules) => modules.has(name))?.get(name)
    const file = found === undefined ? closed.shift() : undefined
    if (file === undefined) return found
    opened.push(modulesIn(readFileSync(file)))
    return find(name)
  }

  /** @param {string} id */
  function load(id) {
    const name = id.replace(/^\.\//, '')
    const before = loaded.get(name)
    if (before !== undefined) return before.exports
    const code = name === id ? undefined : find(name)
    if (code === undefined) return require(id)
    const module = { exports: {} }
    loaded.set(name, module)
    const filename = join(__dirname, name)
    compileFunction(code.toString(), PARAMETERS, { filename })(module.exports, load, module, filename)
    return module.exports
  }

  return load(`./${program}`)
}

exports.modulesIn = modulesIn
exports.run = run
