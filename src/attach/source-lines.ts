/** Finds the line of the program that opened a connection, through source maps. */
import { FlattenMap, originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping'
import type { SourceLocation } from '../shared/traffic.ts'
import { type CallFrame, framesOf } from './network-events.ts'
import type { Initiator } from './observed-target.ts'
import type { SourceMapText } from './source-map-texts.ts'

/** Source maps that are kept. */
const MAX_MAPS = 50
/** Frames of a stack that are looked at. */
const MAX_FRAMES = 20
/** Scripts of Node.js, of Deno, and of what is added to a browser. */
const OF_RUNTIME = /^(?:node|ext|internal|chrome-extension):/
/** Milliseconds after which a line is given as it is in the script that runs. */
const LONGEST_WAIT = 3000

export class SourceLines {
  readonly #textOf: (script: Pick<CallFrame, 'scriptId' | 'url'>) => Promise<SourceMapText | undefined>
  /** By script. */
  readonly #maps = new Map<string, Promise<TraceMap | undefined>>()

  constructor(textOf: (script: Pick<CallFrame, 'scriptId' | 'url'>) => Promise<SourceMapText | undefined>) {
    this.#textOf = textOf
  }

  /**
   * The innermost line of the stack that is not in a library (a folder `node_modules`), else the innermost line. Undefined if
   * there is no stack.
   */
  locate(initiator: Initiator): Promise<SourceLocation | undefined> | undefined {
    const frames = framesOf(initiator?.stack)
      .filter(({ url }) => url !== '' && !OF_RUNTIME.test(url))
      .slice(0, MAX_FRAMES)
    if (frames.length === 0) return undefined
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<SourceLocation | undefined>((resolve) => {
      timer = setTimeout(() => resolve(choose(frames.map(generatedLine))), LONGEST_WAIT)
    })
    return Promise.race([this.#locate(frames), tooLate]).finally(() => clearTimeout(timer))
  }

  async #locate(frames: readonly CallFrame[]): Promise<SourceLocation | undefined> {
    const lines = []
    for (const frame of frames) {
      const line = await this.#original(frame)
      if (!isLibrary(line)) return line
      lines.push(line)
    }
    return choose(lines)
  }

  async #original(frame: CallFrame): Promise<SourceLocation> {
    const map = isLibrary(generatedLine(frame)) ? undefined : await this.#mapOf(frame)
    if (map === undefined) return generatedLine(frame)
    const { source, line, column } = originalPositionFor(map, {
      line: frame.lineNumber + 1,
      column: frame.columnNumber,
    })
    return source === null ? generatedLine(frame) : { file: source, line, column: column + 1 }
  }

  #mapOf(frame: CallFrame): Promise<TraceMap | undefined> {
    const known = this.#maps.get(frame.scriptId)
    if (known !== undefined) return known
    const map = this.#textOf(frame)
      .then((found) => found && new FlattenMap(found.text.replace(/^\)\]\}'[^\n]*\n/, ''), found.url))
      // A program without a source map, or with one that cannot be read, has its lines in the script that runs.
      .catch(() => undefined)
    this.#maps.set(frame.scriptId, map)
    const [oldest] = this.#maps.keys()
    if (this.#maps.size > MAX_MAPS && oldest !== undefined) this.#maps.delete(oldest)
    return map
  }
}

function choose(lines: readonly SourceLocation[]): SourceLocation | undefined {
  return lines.find((line) => !isLibrary(line)) ?? lines[0]
}

function isLibrary({ file }: SourceLocation): boolean {
  return /(?:^|[/\\])node_modules[/\\]/.test(file)
}

function generatedLine({ url, lineNumber, columnNumber }: CallFrame): SourceLocation {
  return { file: url, line: lineNumber + 1, column: columnNumber + 1 }
}
