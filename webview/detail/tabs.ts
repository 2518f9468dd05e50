/** Name and content of each tab of the details. */
import type { Tab } from '../state/layout.ts'
import { HeadersTab } from './HeadersTab.tsx'
import { HexTab } from './HexTab.tsx'
import { PayloadTab } from './PayloadTab.tsx'
import type { TabProps } from './related.ts'
import { TimingTab } from './TimingTab.tsx'

interface TabTraits {
  readonly name: string
  /** Undefined for the tab that shows a stream instead of an event. */
  readonly Content?: (props: TabProps) => preact.JSX.Element | null
}

export const TAB_TRAITS = {
  payload: { name: 'Payload', Content: PayloadTab },
  watch: { name: 'Watch' },
  hex: { name: 'Hex', Content: HexTab },
  headers: { name: 'Headers', Content: HeadersTab },
  timing: { name: 'Timing', Content: TimingTab },
} as const satisfies Readonly<Record<Tab, TabTraits>>
