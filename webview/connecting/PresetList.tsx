/** Presets: requests for well-known APIs, which the host completes with the user. */
import * as l10n from '@vscode/l10n'
import { matchesWords } from '../../src/request/typed-url.ts'
import type { ListedPreset } from '../../src/shared/protocol/connecting.ts'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { useLoaded } from '../ui/hooks.ts'
import { Icon } from '../ui/Icon.tsx'
import { TECHNIQUES } from './techniques.ts'

/** Presets that are listed. The palette has all of them. */
const MOST = 3

/** The presets of the host. */
export function usePresets(): readonly ListedPreset[] {
  const page = usePage()
  return useLoaded(async () => (await page.call('presets', null)) ?? [], []) ?? []
}

/** What it is: its protocol, or else its transport. */
function techniqueOf({ protocol, transport }: ListedPreset): string {
  return protocol ?? TECHNIQUES[transport].name
}

/** The presets that the words are about, or all of them. */
export function presetsWithWords(presets: readonly ListedPreset[], words: string): readonly ListedPreset[] {
  return presets.filter((preset) =>
    matchesWords(words.trim(), [preset.title, preset.name, techniqueOf(preset)]),
  )
}

/** Opens the list of all presets. */
export function AllPresets({ count, onOpen }: { readonly count: number; readonly onOpen: () => void }) {
  return <LinkButton onClick={onOpen}>{l10n.t('All {0}…', count)}</LinkButton>
}

interface PresetListProps {
  readonly presets: readonly ListedPreset[]
  readonly onPick: (preset: string) => void
}

export function PresetList({ presets, onPick }: PresetListProps) {
  return (
    <ul class="starts">
      {presets.slice(0, MOST).map((preset) => (
        <li key={preset.name}>
          <button type="button" class="start" title={preset.hint} onClick={() => onPick(preset.name)}>
            <Icon name={TECHNIQUES[preset.transport].icon} />
            <span class="start-words">
              <span class="clip">{preset.title}</span>
              <span class="dim clip">{techniqueOf(preset)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
