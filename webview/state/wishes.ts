/** Tells the host what previews are to show: what the filter looks for, the columns of values, the keys of answers. */
import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals'
import type { PreviewWish } from '../../src/shared/protocol.ts'
import type { FilterStore } from './filter.ts'
import type { LayoutStore } from './layout.ts'
import { type Needles, NO_NEEDLES, needlesOf } from './preview/needles.ts'

interface WishParts {
  readonly filter: Pick<FilterStore, 'result'>
  readonly layout: Pick<LayoutStore, 'current'>
  readonly replyKeys: ReadonlySignal<readonly string[]>
}

export class Wishes {
  /** What the filter that the list shows looks for. */
  readonly needles: ReadonlySignal<Needles>
  readonly #parts: WishParts
  readonly #sent = signal(0)
  #generation = 0
  #last = ''

  constructor(parts: WishParts) {
    this.#parts = parts
    this.needles = computed(() => {
      const text = parts.filter.result.value?.text
      return text === undefined ? NO_NEEDLES : needlesOf(text)
    })
  }

  /** Whether previews that came with a delta show what is wanted now. */
  isCurrent(generation = 0): boolean {
    return generation === this.#generation
  }

  /** Sends the wish again, because the host may have another engine. */
  repeat(): void {
    this.#last = ''
    this.#sent.value++
  }

  /** Sends each new wish. Call once, when the host listens. */
  start(send: (wish: PreviewWish) => void): void {
    effect(() => {
      void this.#sent.value
      const { texts, fields } = this.needles.value
      const wish = {
        find: [...texts, ...fields.map((field) => `"${field.toLowerCase()}"`)],
        paths: this.#parts.layout.current.value.paths,
        replyKeys: this.#parts.replyKeys.value,
      }
      const text = JSON.stringify(wish)
      if (text === this.#last) return
      this.#last = text
      untracked(() => send({ generation: ++this.#generation, ...wish }))
    })
  }
}
