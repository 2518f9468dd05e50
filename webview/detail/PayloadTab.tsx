import * as l10n from '@vscode/l10n'
import { useMemo } from 'preact/hooks'
import { sniffMedia } from '../../src/shared/media.ts'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { usePage } from '../state/page.ts'
import { Entries } from './Entries.tsx'
import { otherEntries } from './fields.ts'
import { JsonTreeView } from './JsonTreeView.tsx'
import { LoadMore } from './LoadMore.tsx'
import { PayloadActions } from './PayloadActions.tsx'
import { PayloadImage } from './PayloadImage.tsx'
import { PayloadText } from './PayloadText.tsx'
import type { PayloadView } from './payload-view.ts'
import { useSummary } from './summary.ts'
import type { TabProps } from './tab.ts'
import { ViewBar } from './ViewBar.tsx'

/** The payload in readable form, a summary of the event, and actions. */
export function PayloadTab({ detail, view, related }: TabProps) {
  return (
    <>
      <LoadMore detail={detail} />
      <Body detail={detail} view={view} />
      <Entries entries={useSummary(detail, view, related)} />
      {view === undefined && <Entries entries={otherEntries(detail.fields)} />}
      <PayloadActions detail={detail} view={view} related={related} />
    </>
  )
}

function Body({ detail, view }: { detail: EventDetail; view: PayloadView | undefined }) {
  const { layout } = usePage()
  const { json, wrap } = layout.current.value
  const media = useMemo(() => detail.payload && sniffMedia(detail.payload), [detail.payload])
  if (detail.dropped)
    return (
      <p class="hint tone-warn">{l10n.t('This payload was dropped. Its size and time are still known.')}</p>
    )
  if (view === undefined) {
    const { message, reason, text } = detail.fields
    const said = [message, reason, text].find((value) => typeof value === 'string' && value !== '')
    return typeof said === 'string' ? <p class="said">{said}</p> : null
  }
  if (view.form === 'none') return <p class="hint">{l10n.t('The payload is empty.')}</p>
  if (media?.kind === 'image' && detail.payload !== undefined)
    return (
      <>
        <PayloadImage bytes={detail.payload} media={media} />
        {view.form !== 'binary' && <PayloadText view={view} wrap={wrap} />}
      </>
    )
  if (view.form === 'binary')
    return (
      <p class="hint">
        {media === undefined
          ? l10n.t('Binary: see the Hex tab.')
          : l10n.t(
              'Part of a stream ({0}). The Watch tab plays it; the Hex tab shows its bytes.',
              media.type,
            )}
      </p>
    )
  return (
    <>
      <ViewBar form={view.form} />
      {view.form === 'json' && json === 'tree' ? (
        <JsonTreeView text={view.text} />
      ) : (
        <PayloadText view={view} wrap={wrap} />
      )}
    </>
  )
}
