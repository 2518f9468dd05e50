/** The tabs of the details, by id, in their order. To add a tab, add a row. */
import * as l10n from '@vscode/l10n'
import { ConversationTab } from './ConversationTab.tsx'
import { DecodedTab } from './DecodedTab.tsx'
import { HeadersTab } from './HeadersTab.tsx'
import { HexTab } from './HexTab.tsx'
import { PayloadTab } from './PayloadTab.tsx'
import { TimingTab } from './TimingTab.tsx'
import type { TabTraits } from './tab.ts'

export const TABS = {
  decoded: { name: l10n.t('Decoded'), Content: DecodedTab },
  conversation: { name: l10n.t('Conversation'), Content: ConversationTab },
  payload: { name: l10n.t('Payload'), Content: PayloadTab },
  watch: { name: l10n.t('Watch') },
  hex: { name: l10n.t('Hex'), Content: HexTab },
  headers: { name: l10n.t('Headers'), Content: HeadersTab },
  timing: { name: l10n.t('Timing'), Content: TimingTab },
} as const satisfies Readonly<Record<string, TabTraits>>

export type TabId = keyof typeof TABS

export const TAB_IDS = Object.keys(TABS) as readonly TabId[]
