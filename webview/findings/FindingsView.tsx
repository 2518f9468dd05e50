import * as l10n from '@vscode/l10n'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { formatCount } from '../format/count.ts'
import { ReplayBar } from '../recording/ReplayBar.tsx'
import { PAGE_OF_FINDINGS } from '../state/findings.ts'
import { usePage } from '../state/page.ts'
import { TimelineFrame } from '../timeline/TimelineFrame.tsx'
import { Chip } from '../ui/buttons.tsx'
import { FindingCard } from './FindingCard.tsx'
import { FindingsHead } from './FindingsHead.tsx'
import { MutedRules } from './MutedRules.tsx'
import { NoFindings } from './NoFindings.tsx'

/** What the rules have found: each finding with its evidence, what to do about it, and where to read more. */
export function FindingsView() {
  const page = usePage()
  const { findings, isRecording } = page
  const { shown, most, areMutedShown, list } = findings
  const all = shown.value
  const left = all.length - most.value
  return (
    <>
      {isRecording && <ReplayBar />}
      <TimelineFrame />
      <section class="findings" aria-label={l10n.t('Findings')} aria-busy={list.value === undefined}>
        <FindingsHead />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus */}
        <div class="findings-scroll" tabIndex={0}>
          {areMutedShown.value && <MutedRules />}
          {all.length === 0 && <NoFindings />}
          <ul>
            {all.slice(0, most.value).map((known) => (
              <Row key={known.key} known={known} />
            ))}
          </ul>
          {left > 0 && (
            <Chip
              class="findings-more"
              onClick={() => {
                most.value += PAGE_OF_FINDINGS
              }}
            >
              {l10n.t('Show {0} more', formatCount(Math.min(left, PAGE_OF_FINDINGS)))}
            </Chip>
          )}
        </div>
      </section>
    </>
  )
}

/** A finding that is rendered again only if it or the choice has changed. */
function Row({ known }: Parameters<typeof FindingCard>[0]) {
  const { findings } = usePage()
  const row = useRef<HTMLLIElement>(null)
  const isChosen = findings.chosen.value === known.key
  const wish = isChosen ? findings.choices.value : 0
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: 'nearest' })
  }, [wish])
  const card = useMemo(() => <FindingCard known={known} />, [known])
  return (
    <li ref={row} class={`finding${isChosen ? ' chosen' : ''}`} aria-current={isChosen ? 'true' : undefined}>
      {card}
    </li>
  )
}
