import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import type { FeedRate } from '../../src/shared/protocol/techniques.ts'
import { formatRoundDuration } from '../format/time.ts'
import { usePage } from '../state/page.ts'

/** Steps of the slider, from the longest time between two events to the shortest. */
const STEPS = 100

/** How often the demo's feed has an event. */
export function FeedRateSlider({ rate }: { readonly rate: FeedRate }) {
  const { techniques } = usePage()
  const [moved, setMoved] = useState<number>()
  const { least, most } = rate
  const stepOf = (every: number) => Math.round((Math.log(most / every) / Math.log(most / least)) * STEPS)
  const everyOf = (step: number) => Math.round(most * (least / most) ** (step / STEPS))
  const every = moved ?? rate.every
  const text = l10n.t('one event every {0}', formatRoundDuration(every))
  return (
    <label class="feed-rate">
      {l10n.t('Feed')}
      <input
        type="range"
        min={0}
        max={STEPS}
        value={stepOf(every)}
        aria-valuetext={text}
        onInput={(event) => setMoved(everyOf(Number(event.currentTarget.value)))}
        onChange={(event) => {
          void techniques.setRate(everyOf(Number(event.currentTarget.value))).then(() => setMoved(undefined))
        }}
      />
      <span class="dim tabular" aria-hidden="true">
        {text}
      </span>
    </label>
  )
}
