import * as l10n from '@vscode/l10n'
import { useEffect, useId, useState } from 'preact/hooks'
import { pieceCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { Icon } from '../ui/Icon.tsx'
import { SectionText } from './SectionText.tsx'
import type { SectionProps } from './section.ts'

/** Characters of the beginning that a folded section shows. */
const BEGINNING = 160

/** What the model says to itself, folded until it is asked for or one of its events is selected. */
export function Reasoning(props: SectionProps) {
  const { section, text, selected } = props
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const isSelected = selected !== undefined && section.spanOf(selected) !== undefined
  useEffect(() => {
    if (isSelected) setOpen(true)
  }, [isSelected])
  const first = text.pieces[section.pieces[0] ?? 0]?.time ?? 0
  const last = text.pieces[section.pieces.at(-1) ?? 0]?.time ?? first
  return (
    <div class="reasoning">
      <button
        type="button"
        class="fold"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
        <b>{l10n.t('Reasoning')}</b>
        <span class="dim tabular">
          {l10n.t('{0}, {1}', pieceCount(section.pieces.length), formatDuration(last - first))}
        </span>
        {!isOpen && <span class="dim clip">{section.text.beginning(BEGINNING)}</span>}
      </button>
      {isOpen && (
        <div id={id}>
          <SectionText {...props} />
        </div>
      )}
    </div>
  )
}
