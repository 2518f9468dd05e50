/** The presets, in the order in which they are listed. */
import { parseRequestFile } from '../file/parse.ts'
import type { FileRequest, RequestFile } from '../file/request-file.ts'
import { matchesWords } from '../typed-url.ts'
import { type Preset, techniqueOf } from './preset.ts'
import { MODELS } from './rows/models.ts'
import { POLLS } from './rows/polls.ts'
import { PROTOCOLS } from './rows/protocols.ts'
import { STREAMS } from './rows/streams.ts'

/** Those that a page shows first: one of each kind. */
const FIRST: readonly string[] = ['openai', 'socket.io', 'consul']

export const PRESETS: readonly Preset[] = [...MODELS, ...PROTOCOLS, ...POLLS, ...STREAMS].sort(
  (a, b) => rank(a) - rank(b),
)

function rank({ name }: Preset): number {
  const at = FIRST.indexOf(name)
  return at < 0 ? FIRST.length : at
}

export function presetNamed(name: string): Preset | undefined {
  return PRESETS.find((each) => each.name === name)
}

/** The presets that the words are about, or all of them. */
export function presetsWithWords(words: string): readonly Preset[] {
  return PRESETS.filter((preset) =>
    matchesWords(words.trim(), [preset.title, preset.name, techniqueOf(parsePreset(preset).request)]),
  )
}

export interface ParsedPreset {
  readonly file: RequestFile
  readonly request: FileRequest
}

/** Those that were read as they are in the table: words are compared with all of them at each key. */
const known = new WeakMap<Preset, ParsedPreset>()

/** Reads the request of a preset, with the values of its variables that the table has. */
export function parsePreset(preset: Preset): ParsedPreset {
  const parsed = known.get(preset) ?? parseFilled(preset, preset.request)
  known.set(preset, parsed)
  return parsed
}

/** Reads the request of a preset with other values of its variables. */
export function parseFilled({ name }: Preset, filled: string): ParsedPreset {
  const file = parseRequestFile(filled)
  const [request] = file.requests
  if (request === undefined) throw new RangeError(`The preset ${name} has no request.`)
  return { file, request }
}
