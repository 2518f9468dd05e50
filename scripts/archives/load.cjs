'use strict'
/**
 * Runs the programs of this folder from their archives. They are CommonJS modules; all of an archive are one file, which is compressed
 * in the .vsix, where it takes half the space of as many files. A module is compiled when it is first required. An archive is opened
 * if it has a module that the code cache does not have.
 */
const { existsSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const { Script } = require('node:vm')
const { CodeCache } = require('./code-cache.cjs')

/** In the order in which they are searched. One is opened when those before it do not have a module. */
const ARCHIVES = ['extension.br', 'programs.br', 'npm-only.br', 'programs.archive']
const BEFORE = '(function(exports,require,module,__filename){'
const AFTER = '\n})'

/**
 * The modules of an archive by name, in UTF-8. Its first line is JSON: pairs of a name and a count of bytes. The modules follow.
 * @param {string} file
 * @returns {Map<string, Buffer>}
 */
function modulesIn(file) {
  const content = readFileSync(file)
  const bytes = file.endsWith('.br') ? require('node:zlib').brotliDecompressSync(content) : content
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
 * @param {string} build Differs between builds
 */
function run(program, build) {
  const closed = ARCHIVES.map((name) => join(__dirname, name)).filter((file) => existsSync(file))
  /** @type {Map<string, Buffer>[]} */
  const opened = []
  /** @type {Map<string, { exports: unknown }>} */
  const loaded = new Map()
  const cache = CodeCache.open(program, build)

  /** @param {string} name */
  function find(name) {
    const found = opened.find((modules) => modules.has(name))?.get(name)
    const file = found === undefined ? closed.shift() : undefined
    if (file === undefined) return found
    opened.push(modulesIn(file))
    return find(name)
  }

  /**
   * @param {string} name
   * @param {string} filename
   * @param {Buffer} code
   * @param {Buffer} [cachedData]
   */
  function compile(name, filename, code, cachedData) {
    const script = new Script(BEFORE + code + AFTER, { filename, columnOffset: -BEFORE.length, cachedData })
    if (cachedData === undefined || script.cachedDataRejected === true) cache?.add(name, code, script)
    return script.runInThisContext()
  }

  /** @param {string} id */
  function load(id) {
    if (!id.startsWith('./')) return require(id)
    const name = id.slice(2)
    const before = loaded.get(name)
    if (before !== undefined) return before.exports
    const known = cache?.get(name)
    const code = known?.code ?? find(name)
    if (code === undefined) return require(id)
    const module = { exports: {} }
    loaded.set(name, module)
    const filename = join(__dirname, name)
    compile(name, filename, code, known?.compiled)(module.exports, load, module, filename)
    return module.exports
  }

  return load(`./${program}`)
}

exports.modulesIn = modulesIn
exports.run = run
