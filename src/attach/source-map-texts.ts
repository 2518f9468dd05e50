/** Reads the source maps of a program's scripts, through the program itself where possible. */
import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import type { CallFrame } from './network-events.ts'

/** Bytes. */
const MAX_MAP = 32 * 1024 * 1024
/** The last line of a script names its source map, or contains it as a `data:` URL. */
const NAME = 'sourceMappingURL='

const SOURCE = v.object({ scriptSource: v.string() })
const FRAME_TREE = v.object({ frameTree: v.object({ frame: v.object({ id: v.string() }) }) })
const RESOURCE = v.object({ resource: v.object({ success: v.boolean(), stream: v.optional(v.string()) }) })
const CHUNK = v.object({ data: v.string(), base64Encoded: v.optional(v.boolean(), false), eof: v.boolean() })

export interface SourceMapText {
  readonly text: string
  /** Its sources are relative to this. */
  readonly url: string
}

type Call = (method: string, params?: object) => Promise<unknown>

export class SourceMapTexts {
  readonly #call: Call
  /** A debugger that is attached as well needs the domain Debugger, which must then stay as it is. */
  readonly #isDebugged: boolean
  /** Reads of sources for which the domain Debugger is enabled. */
  #reading = 0

  constructor(call: Call, isDebugged: boolean) {
    this.#call = call
    this.#isDebugged = isDebugged
  }

  /** The source map of a script; undefined if it has none, or if it is neither in the script nor at the script's origin. */
  async of({ scriptId, url }: Pick<CallFrame, 'scriptId' | 'url'>): Promise<SourceMapText | undefined> {
    const named = sourceMapNamedIn(await this.#sourceOf(scriptId))
    if (named === '') return undefined
    if (named.startsWith('data:') && named.length > MAX_MAP) return undefined
    if (named.startsWith('data:')) return { text: await (await fetch(named)).text(), url }
    const base = /^[a-z]+:/i.test(url) ? url : `file://${url}`
    if (!URL.canParse(named, base)) return undefined
    const map = new URL(named, base)
    if (map.protocol === 'file:') {
      // Windows would ask another host for a file that its URL names.
      const isLocal = /^(?:file:|\/)/.test(url) && map.host === new URL(base).host
      return isLocal ? { text: await readFile(map), url: map.href } : undefined
    }
    if (!URL.canParse(url) || map.origin !== new URL(url).origin) return undefined
    return { text: await this.#load(map.href), url: map.href }
  }

  async #sourceOf(scriptId: string): Promise<string> {
    if (this.#isDebugged) return await this.#read(scriptId)
    this.#reading++
    try {
      const enabled = this.#call('Debugger.enable', { maxScriptsCacheSize: 0 })
      // A statement `debugger` must not stop the program.
      const skipping = this.#call('Debugger.setSkipAllPauses', { skip: true })
      await Promise.all([enabled, skipping])
      return await this.#read(scriptId)
    } finally {
      this.#reading--
      if (this.#reading === 0) await this.#call('Debugger.disable')
    }
  }

  async #read(scriptId: string): Promise<string> {
    return v.parse(SOURCE, await this.#call('Debugger.getScriptSource', { scriptId })).scriptSource
  }

  /** The program loads it, with its own access to its own origin. */
  async #load(url: string): Promise<string> {
    // Workers have no frames.
    const tree = v.safeParse(FRAME_TREE, await this.#call('Page.getFrameTree').catch(() => undefined))
    const { resource } = v.parse(
      RESOURCE,
      await this.#call('Network.loadNetworkResource', {
        ...(tree.success && { frameId: tree.output.frameTree.frame.id }),
        ...{ url, options: { disableCache: false, includeCredentials: true } },
      }),
    )
    const { stream: handle } = resource
    if (!resource.success || handle === undefined) throw new Error(`${url} cannot be loaded`)
    try {
      const chunks: Buffer[] = []
      for (let size = 0; size <= MAX_MAP; ) {
        const { data, base64Encoded, eof } = v.parse(CHUNK, await this.#call('IO.read', { handle }))
        const bytes = Buffer.from(data, base64Encoded ? 'base64' : 'utf8')
        chunks.push(bytes)
        size += bytes.length
        if (eof) return Buffer.concat(chunks).toString()
      }
      throw new Error(`${url} is too large`)
    } finally {
      await this.#call('IO.close', { handle })
    }
  }
}

/** The URL in the comment at the end of a script; empty if there is none. Takes no longer than the script is long. */
export function sourceMapNamedIn(script: string): string {
  const source = script.trimEnd()
  const line = source.slice(source.lastIndexOf('\n') + 1)
  const at = line.lastIndexOf(NAME)
  if (at < 0 || !/\/\/[#@] ?$/.test(line.slice(Math.max(0, at - 4), at))) return ''
  const named = line.slice(at + NAME.length)
  return /[\s'"]/.test(named) ? '' : named
}

/** The text of a file of limited size. */
async function readFile(url: URL): Promise<string> {
  const file = await open(fileURLToPath(url))
  try {
    const stat = await file.stat()
    if (!stat.isFile() || stat.size > MAX_MAP) throw new Error(`${url.href} is not a source map`)
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}
