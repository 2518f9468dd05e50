import * as l10n from '@vscode/l10n'
import { useMemo, useState } from 'preact/hooks'
import { sniffMedia } from '../../src/shared/media.ts'
import type { DecodedMessage } from '../../src/shared/protocol/decoding.ts'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { decodedIn, isPlain } from '../format/decoded.ts'
import { useWatch } from '../media/use-watch.ts'
import { WatchTab } from '../media/WatchTab.tsx'
import { DETAIL_ID, GRID_ID } from '../state/keyboard.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import { type PayloadView, viewPayload } from './payload-view.ts'
import { useNoteSelection, useRelated } from './related.ts'
import type { TabProps } from './tab.ts'
import { TAB_IDS, TABS, type TabId } from './tabs.ts'
import { useConversation, useDecoded, useDecodedBytes } from './use-decoded.ts'

/** The selected event in full. */
export function DetailPane() {
  const page = usePage()
  const { selection, layout } = page
  const selected = selection.current.value
  const watch = useWatch(selected?.index)
  const decoded = useDecoded(selected?.index)
  const conversation = useConversation(selected?.index)
  const bytes = useDecodedBytes(selected?.index)
  const hasPacket =
    decoded?.events?.some((event) => !isPlain(event)) ??
    decodedIn(selected && page.previews.get(selected.index)) !== undefined
  const isDecoded = hasPacket || (bytes?.unfinished ?? null) !== null
  const isMessage = selected !== undefined && page.session.summaryOf(selected.index)?.kind.type === 'message'
  const offers: Partial<Record<TabId, boolean>> = {
    decoded: isDecoded || (decoded !== undefined && isMessage && isSpoken(decoded)),
    conversation: conversation !== undefined && conversation !== null,
    watch: watch !== undefined,
  }
  const tabs = TAB_IDS.filter((id) => offers[id] ?? true)
  const chosen = tabs.find((id) => id === layout.current.value.tab) ?? 'payload'
  const [isPayloadAsked, askPayload] = useState(false)
  const view = useView(selected?.detail)
  const best = isDecoded ? 'decoded' : bestTab(selected?.detail, view, watch !== undefined)
  const tab = chosen === 'payload' && !isPayloadAsked ? best : chosen
  const close = () => {
    document.getElementById(GRID_ID)?.focus()
    page.showDetails(false)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.defaultPrevented) close()
  }
  return (
    <section class="detail" aria-label={l10n.t('Details')} onKeyDown={onKeyDown}>
      <div class="detail-head">
        <Tabs
          name={l10n.t('Details')}
          tabs={tabs.map((id) => ({ id, name: TABS[id].name }))}
          selected={tab}
          controls={DETAIL_ID}
          prefix="tab"
          onSelect={(next) => {
            // The payload of a binary message is shown only if the user asks for it.
            askPayload(next === 'payload' && best !== 'payload')
            layout.change({ tab: next === best ? 'payload' : next })
          }}
        />
        <IconButton icon="close" name={l10n.t('Close Details (Escape)')} onClick={close} />
      </div>
      <div
        id={DETAIL_ID}
        class="detail-body"
        role="tabpanel"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a tab panel that scrolls takes the focus (ARIA APG, tabs).
        tabIndex={0}
        aria-labelledby={`tab-${tab}`}
        aria-busy={selected !== undefined && selected.detail === undefined && selected.failure === undefined}
      >
        {tab === 'watch' ? (
          watch !== undefined && <WatchTab watch={watch} key={watch.open} />
        ) : selected === undefined ? null : selected.failure !== undefined ? (
          <p class="hint tone-error" role="alert">
            {selected.failure}
          </p>
        ) : selected.detail === undefined ? null : (
          <View
            tab={tab}
            detail={selected.detail}
            view={view}
            decoded={decoded}
            conversation={conversation}
            bytes={bytes}
            key={selected.index}
          />
        )}
      </div>
    </section>
  )
}

/** The payload in readable form, for all tabs. */
function useView(detail: EventDetail | undefined): PayloadView | undefined {
  const { payload, size = 0 } = detail ?? {}
  return useMemo(() => payload && viewPayload(payload, size), [payload, size])
}

/** The tab that shows most of a payload: bytes as hexadecimal, pictures and streams in *Watch*. */
function bestTab(detail: EventDetail | undefined, view: PayloadView | undefined, canWatch: boolean): TabId {
  if (detail?.payload === undefined || view?.form !== 'binary') return 'payload'
  if (canWatch) return 'watch'
  return sniffMedia(detail.payload)?.kind === 'image' ? 'payload' : 'hex'
}

/** Whether the connection speaks a protocol, or the user has switched decoding off. */
function isSpoken({ connection }: DecodedMessage): boolean {
  return connection !== null && !isPlain({ protocol: connection.decoder })
}

interface ViewProps extends Omit<TabProps, 'related'> {
  readonly tab: Exclude<TabId, 'watch'>
}

function View({ tab, ...props }: ViewProps) {
  const { Content } = TABS[tab]
  const { index } = props.detail
  const related = useRelated(index)
  useNoteSelection(index, related)
  return <Content {...props} related={related} />
}
