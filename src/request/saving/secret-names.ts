/** Names for the secrets of a request that is saved: one name for each value. */
import { SHORTEST_SECRET } from '../../shared/secrets/secret-forms.ts'

export interface SecretNamesOptions {
  /** What names begin with, such as the name of the request. */
  readonly prefix: string
  /** Names of secrets that are kept already, by their values. */
  readonly known?: ReadonlyMap<string, string>
  /** Names that other values have. */
  readonly taken?: Iterable<string>
}

/** As `{{$secret NAME}}` allows. */
const MAX_NAME = 64

export class SecretNames {
  readonly #prefix: string
  readonly #names: Map<string, string>
  readonly #taken: Set<string>
  /** The names that were given, with the values if they are known. */
  readonly used = new Map<string, string | undefined>()

  constructor({ prefix, known = new Map(), taken = [] }: SecretNamesOptions) {
    this.#prefix = upperCase(prefix)
    this.#names = new Map(known)
    this.#taken = new Set([...taken, ...known.values()])
  }

  /** The values that have names, the longest first: a value may contain another one. */
  get values(): readonly string[] {
    return [...this.#names.keys()]
      .filter((value) => value.length >= SHORTEST_SECRET)
      .sort((a, b) => b.length - a.length)
  }

  /** The placeholder for a secret of that field. Without a value, it is one that has to be asked for. */
  placeholder(field: string, value?: string): string {
    const name = (value === undefined ? undefined : this.#names.get(value)) ?? this.#newName(field)
    if (value !== undefined) this.#names.set(value, name)
    this.used.set(name, value)
    return `{{$secret ${name}}}`
  }

  #newName(field: string): string {
    const own = upperCase(field) || 'SECRET'
    const whole = this.#prefix === '' || own.startsWith(this.#prefix) ? own : `${this.#prefix}_${own}`
    const base = whole.slice(0, MAX_NAME - 4)
    let name = base
    for (let n = 2; this.#taken.has(name); n++) name = `${base}_${n}`
    this.#taken.add(name)
    return name
  }
}

/** `CHAT_ROOM` for `Chat room`. Begins with a letter. */
function upperCase(text: string): string {
  return text
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, '_')
    .toUpperCase()
    .replaceAll(/[^A-Z\d]+/g, '_')
    .replaceAll(/^[_\d]+|_+$/g, '')
}
