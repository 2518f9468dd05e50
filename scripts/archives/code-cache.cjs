'use strict'
/**
 * Keeps the modules of archives that a program needs between its starts, with what V8 makes of them. That takes less time to read than
 * the archives take to decompress and the modules to compile. It is one file for each program, build and version of V8, in the user's
 * folder for caches. Without it, a program only starts more slowly, so failures are not reported.
 */
const {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs')
const { homedir } = require('node:os')
const { dirname, isAbsolute, join } = require('node:path')
const { crc32 } = require('node:zlib')

/** Files in the folder at most, of all programs, builds and versions. The oldest are removed. */
const MAX_FILES = 12
/** Bytes of a checksum. */
const CHECKSUM = 4
/** Milliseconds after which the modules that a program needed to start are compiled, or will not be needed soon. */
const STARTED = 5000

/** @typedef {import('node:vm').Script} Script */
/** @typedef {{ readonly code: Buffer, readonly compiled: Buffer }} Known A module, and what V8 made of it */

class CodeCache {
  #path
  /** @type {Map<string, Known>} */
  #known = new Map()
  /** @type {Map<string, { readonly code: Buffer, readonly script: Script }>} Modules that the file does not have */
  #added = new Map()
  #isSaved = false

  /**
   * Undefined if the user does not want one, or has no folder for it that is private.
   * @param {string} program
   * @param {string} build Differs between builds
   */
  static open(program, build) {
    if (process.env.NODE_DISABLE_COMPILE_CACHE) return undefined
    try {
      const folder = cacheFolder()
      return folder && new CodeCache(folder, `${program}-${build}-${process.versions.v8}-${process.arch}.bin`)
    } catch {
      // The user has no home, or may not look into it.
      return undefined
    }
  }

  /**
   * @param {string} folder
   * @param {string} name
   */
  constructor(folder, name) {
    this.folder = folder
    this.#path = join(folder, name)
    try {
      this.#known = entriesOf(readOwn(this.#path))
    } catch {
      // There is none yet, or it is damaged, or another user's.
    }
  }

  /** @param {string} module */
  get(module) {
    return this.#known.get(module)
  }

  /**
   * Notes that a module was compiled. The file is written once, when the program has started or ends.
   * @param {string} module
   * @param {Buffer} code
   * @param {Script} script
   */
  add(module, code, script) {
    if (this.#isSaved) return
    if (this.#added.size === 0) {
      const save = () => this.#save()
      setTimeout(save, STARTED).unref()
      process.once('exit', save)
    }
    this.#added.set(module, { code, script })
  }

  #save() {
    if (this.#isSaved) return
    this.#isSaved = true
    const entries = new Map(this.#known)
    for (const [module, { code, script }] of this.#added)
      entries.set(module, { code, compiled: script.createCachedData() })
    this.#added.clear()
    this.#known.clear()
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 })
      // Other threads and containers may have the same number of a process.
      const part = `${this.#path}.${process.pid}.${process.hrtime.bigint()}`
      writeFileSync(part, fileOf(entries), { flag: 'wx', mode: 0o600 })
      renameSync(part, this.#path)
      removeOldest(this.folder)
    } catch {
      // The folder cannot be written, or the disk is full.
    }
  }
}

/** The folder in the user's own folder for what can be made again; undefined if there is none, or if others can write there. */
function cacheFolder() {
  const base = cacheBase()
  if (!base) return undefined
  const folder = join(base, 'realtime-inspector', 'code')
  const made = statSync(folder, { throwIfNoEntry: false })
  if (made !== undefined) return isPrivate(made) ? folder : undefined
  // With sudo, the home may be another user's, who could not use a folder of root there.
  const place = statSync(base, { throwIfNoEntry: false }) ?? statSync(dirname(base))
  return isOwn(place) ? folder : undefined
}

function cacheBase() {
  const { env, platform } = process
  if (platform === 'win32') return env.LOCALAPPDATA
  // The XDG Base Directory Specification ignores a path that is not absolute. A home can be empty, too.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return env.XDG_CACHE_HOME
  const home = homedir()
  return isAbsolute(home) ? join(home, platform === 'darwin' ? 'Library/Caches' : '.cache') : undefined
}

/** @param {import('node:fs').Stats} stats */
function isOwn({ uid }) {
  return process.getuid === undefined || uid === process.getuid()
}

/** @param {import('node:fs').Stats} stats */
function isPrivate(stats) {
  return isOwn(stats) && (process.platform === 'win32' || (stats.mode & 0o022) === 0)
}

/**
 * The bytes of a file that only this user can have written: V8 trusts them as it trusts its own.
 * @param {string} path
 */
function readOwn(path) {
  const file = openSync(path, 'r')
  try {
    if (!isPrivate(fstatSync(file))) throw new Error('It is not private.')
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Its first four bytes are the checksum of the rest, which begins with a line of JSON: for each module its name and both counts
 * of bytes.
 * @param {Buffer} bytes
 * @returns {Map<string, Known>}
 */
function entriesOf(bytes) {
  if (crc32(bytes.subarray(CHECKSUM)) !== bytes.readUInt32LE()) throw new Error('It is damaged.')
  let end = bytes.indexOf('\n', CHECKSUM) + 1
  /** @type {[string, number, number][]} */
  const sizes = JSON.parse(bytes.toString('utf8', CHECKSUM, end))
  return new Map(
    sizes.map(([name, codeSize, compiledSize]) => {
      const code = bytes.subarray(end, end + codeSize)
      end += codeSize + compiledSize
      return [name, { code, compiled: bytes.subarray(end - compiledSize, end) }]
    }),
  )
}

/** @param {ReadonlyMap<string, Known>} entries */
function fileOf(entries) {
  const sizes = [...entries].map(([name, { code, compiled }]) => [name, code.length, compiled.length])
  const modules = [...entries.values()].flatMap(({ code, compiled }) => [code, compiled])
  const file = Buffer.concat([Buffer.alloc(CHECKSUM), Buffer.from(`${JSON.stringify(sizes)}\n`), ...modules])
  file.writeUInt32LE(crc32(file.subarray(CHECKSUM)))
  return file
}

/** @param {string} folder */
function removeOldest(folder) {
  const files = readdirSync(folder).map((name) => join(folder, name))
  const byAge = files.map((path) => ({ path, at: statSync(path).mtimeMs })).sort((a, b) => b.at - a.at)
  for (const { path } of byAge.slice(MAX_FILES)) rmSync(path, { force: true })
}

exports.CodeCache = CodeCache
