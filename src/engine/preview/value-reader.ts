/** Reads the values at JSONPaths in messages, for the columns of the list. */
import { compileQuery, WatchedPath } from '../../capture/filter/watched-path.ts'
import { previewText } from '../../capture/preview.ts'
import type { Log } from '../../capture/recording.ts'
import { parseJson } from '../../capture/search/event-text.ts'
import type { DecodedEvent } from '../../shared/decoded.ts'
import { decodeText } from '../../shared/text/decode.ts'

/** Bytes of the longest payload that is read. */
const MOST_BYTES = 1024 * 1024
/** Characters of a value. */
const MOST_CHARACTERS = 100

export class ValueReader {
  #paths: readonly string[] = []
  #compiled: readonly (WatchedPath | undefined)[] = []

  get paths(): readonly string[] {
    return this.#paths
  }

  set paths(paths: readonly string[]) {
    this.#paths = paths
    this.#compiled = paths.map(compiled)
  }

  /**
   * The first value at each path as text; empty if there is none. A payload that is not JSON has the values of its
   * packets.
   */
  read(log: Log, index: number, packets: readonly DecodedEvent[] = []): string[] {
    const { size } = log.row(index)
    const bytes = size <= MOST_BYTES ? log.payload(index) : undefined
    const document = bytes && parseJson(decodeText(bytes, true))
    const documents = document === undefined ? packets.map(({ value }) => value) : [document]
    return this.#compiled.map((path) => {
      if (path === undefined) return ''
      for (const each of documents) {
        const text = each === undefined ? '' : firstValue(path, each)
        if (text !== '') return text
      }
      return ''
    })
  }
}

/** Undefined for a path that is not valid: its column is empty. */
function compiled(path: string): WatchedPath | undefined {
  try {
    return new WatchedPath(compileQuery(path))
  } catch {
    return undefined
  }
}

function firstValue(path: WatchedPath, document: unknown): string {
  try {
    for (const value of path.values(document)) {
      const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
      return previewText(text.slice(0, MOST_CHARACTERS), text.length > MOST_CHARACTERS)
    }
  } catch {
    // The path takes too long, or the value is nested too deeply to be written.
  }
  return ''
}
