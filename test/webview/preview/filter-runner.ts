/** A fake filter runner: tests the plain terms of a filter event by event. */
import { typeOf, unpackKind } from '../../../src/shared/event-columns.ts'
import { parseFilter } from '../../../src/shared/filter/parse.ts'
import { type Filter, FilterError } from '../../../src/shared/filter/syntax.ts'
import { NumberList } from '../../../src/shared/number-list.ts'
import type { FilterMistake, Matches } from '../../../src/shared/protocol/filtering.ts'
import type { Source } from './source.ts'

export class FakeFilterRunner {
  /** Events tested between two answers. */
  pace = Number.POSITIVE_INFINITY
  matches = new NumberList()
  #generation = 0
  #filter: Filter | undefined
  #scanned = 0
  #sent = 0
  #mistake: FilterMistake | undefined
  #isStopped = false
  readonly #source: Source

  constructor(source: Source) {
    this.#source = source
  }

  /** Like the engine, rejects a path with an empty selector, and this expression, which would run forever. */
  start(text: string, generation: number): FilterMistake | null {
    const at = text.indexOf('$[?]')
    if (at >= 0) return { message: 'This is not a JSON path: unexpected end.', start: at, end: at + 4 }
    try {
      const filter = parseFilter(text)
      this.clear()
      this.#generation = generation
      this.#filter = filter.kind === 'all' ? undefined : filter
      const evil = text.indexOf('/(a+)+$/')
      if (evil >= 0)
        this.#mistake = { message: 'This expression was stopped after 1 s.', start: evil, end: evil + 8 }
      return null
    } catch (thrown) {
      if (thrown instanceof FilterError)
        return { message: thrown.message, start: thrown.start, end: thrown.end }
      throw thrown
    }
  }

  stop(): void {
    this.#isStopped = true
  }

  clear(): void {
    this.matches = new NumberList()
    this.#filter = undefined
    this.#mistake = undefined
    this.#isStopped = false
    this.#scanned = 0
    this.#sent = 0
  }

  hasNews(end: number): boolean {
    return (
      this.#filter !== undefined && (this.#mistake !== undefined || (this.#scanned < end && !this.#isStopped))
    )
  }

  take(end: number): Matches | undefined {
    const filter = this.#filter
    if (filter === undefined || !this.hasNews(end)) return undefined
    const first = this.#sent
    const mistake = this.#mistake
    const to = mistake === undefined ? Math.min(end, this.#scanned + this.pace) : this.#scanned
    for (; this.#scanned < to; this.#scanned++)
      if (this.#test(filter, this.#scanned)) this.matches.push(this.#scanned)
    const indexes = this.matches.slice(this.#sent)
    this.#sent = this.matches.length
    if (mistake !== undefined) this.#filter = undefined
    return {
      generation: this.#generation,
      first,
      indexes,
      scanned: this.#scanned,
      ...(mistake === undefined ? {} : { mistake }),
    }
  }

  #test(filter: Filter, index: number): boolean {
    const columns = this.#source.columns(index, index + 1)
    const kind = columns.kind[0] ?? 0
    switch (filter.kind) {
      case 'and':
        return filter.items.every((item) => this.#test(item, index))
      case 'or':
        return filter.items.some((item) => this.#test(item, index))
      case 'not':
        return !this.#test(filter.item, index)
      case 'direction':
        return unpackKind(kind).direction === filter.direction
      case 'type':
        return typeOf(kind) === filter.type
      case 'connection':
        return columns.connection[0] === filter.id
      case 'numbers':
        return filter.ranges.some(({ from, to }) => index + 1 >= from && index + 1 <= to)
      case 'text':
        return this.#source.preview(index).text.toLowerCase().includes(filter.text.toLowerCase())
      case 'number':
        return filter.field === 'size' && (columns.size[0] ?? 0) > filter.value
      default:
        return false
    }
  }
}
