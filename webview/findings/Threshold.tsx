import * as l10n from '@vscode/l10n'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { FindingThreshold } from '../../src/shared/finding.ts'
import { fieldUnit, fieldValue, thresholdText } from '../format/finding.ts'
import { focusHere } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { Sentence } from '../ui/Sentence.tsx'

interface ThresholdProps {
  readonly rule: string
  readonly threshold: FindingThreshold
}

/** The threshold of a rule, and a field that changes it. */
export function Threshold({ rule, threshold }: ThresholdProps) {
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(false)
  useLayoutEffect(() => {
    if (wasOpen.current && !isOpen) focusHere(button.current)
    wasOpen.current = isOpen
  }, [isOpen])
  if (isOpen) return <ThresholdForm rule={rule} threshold={threshold} close={() => setOpen(false)} />
  return (
    <span>
      <Sentence
        text={l10n.t('Threshold {0}, {1}')}
        parts={[
          thresholdText(threshold),
          <LinkButton
            key="change"
            ref={button}
            aria-label={l10n.t('Change the threshold of {0}…', rule)}
            onClick={() => setOpen(true)}
          >
            {l10n.t('change…')}
          </LinkButton>,
        ]}
      />
    </span>
  )
}

function ThresholdForm({ rule, threshold, close }: ThresholdProps & { close(): void }) {
  const page = usePage()
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => focusHere(input.current), [])
  const { factor, name } = fieldUnit(threshold)
  const set = async (value: number | null) => {
    close()
    await page.call('setThreshold', { rule, value })
    page.findings.refresh()
  }
  return (
    <form
      class="threshold-form"
      onSubmit={(event) => {
        event.preventDefault()
        const value = input.current?.valueAsNumber ?? Number.NaN
        if (Number.isFinite(value) && value >= 0) void set(Number((value * factor).toPrecision(12)))
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        close()
      }}
    >
      <label>
        {l10n.t('Threshold')}{' '}
        <input
          ref={input}
          class="field number"
          type="number"
          min={0}
          step="any"
          required
          defaultValue={String(fieldValue(threshold))}
        />{' '}
        {name}
      </label>
      <button type="submit" class="chip small">
        {l10n.t('Set')}
      </button>
      <LinkButton onClick={() => void set(null)}>{l10n.t('Default')}</LinkButton>
    </form>
  )
}
