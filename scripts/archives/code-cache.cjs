'use strict'
/**
 * Keeps what V8 makes of the modules of an archive between starts of a program, which takes less time to read than the modules take to
 * compile. It is one file for each program, build and version of V8, in the user's folder for caches. Without it, a program only
 * starts more slowly, so failures are not reported.
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
/** Milliseconds after which the modules that a program needed to start are compiled, or will not be needed soon. */
const STARTED = 5000

/** @typedef {import('node:vm').Script} Script */

class CodeCache {
  #path
  /** @type {Map<string, Buffer>} */
  #known = new Map()
  /** @type {Map<string, Script>} Modules that the file does not have */
  #compiled = new Map()
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
   * @param {Script} script
   */
  add(module, script) {
    if (this.#isSaved) return
    if (this.#compiled.size === 0) {
      const save = () => this.#save()
      setTimeout(save, STARTED).unref()
      process.once('exit', save)
    }
    this.#compiled.set(module, script)
  }

  #save() {
    if (this.#isSaved) return
    this.#isSaved = true
    const compiled = [...this.#compiled].map(([module, script]) => [module, script.createCachedData()])
    const entries = new Map([...this.#known, .../** @type {[string, Buffer][]} */ (compiled)])
    this.#compiled.clear()
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
 * Its first line is JSON: the checksum of the rest, and pairs of a name and a count of bytes.
 * @param {Buffer} bytes
 * @returns {Map<string, Buffer>}
 */
function entriesOf(bytes) {
  let end = bytes.indexOf('\n') + 1
  /** @type {{ readonly crc: number, readonly sizes: [string, number][] }} */
  const { crc, sizes } = JSON.parse(bytes.toString('utf8', 0, end))
  if (crc32(bytes.subarray(end)) !== crc) throw new Error('It is damaged.')
  return new Map(
    sizes.map(([name, size]) => {
      end += size
      return [name, bytes.subarray(end - size, end)]
    }),
  )
}

/** @param {ReadonlyMap<string, Buffer>} entries */
function fileOf(entries) {
  const rest = Buffer.concat([...entries.values()])
  const sizes = [...entries].map(([name, { length }]) => [name, length])
  return Buffer.concat([Buffer.from(`${JSON.stringify({ crc: crc32(rest), sizes })}\n`), rest])
}

/** @param {string} folder */
function removeOldest(folder) {
  const files = readdirSync(folder).map((name) => join(folder, name))
  const byAge = files.map((path) => ({ path, at: statSync(path).mtimeMs })).sort((a, b) => b.at - a.at)
  for (const { path } of byAge.slice(MAX_FILES)) rmSync(path, { force: true })
}

exports.CodeCache = CodeCache
