import * as l10n from '@vscode/l10n'
import { formatCount } from '../format/count.ts'
import { findingTimes, SEVERITY_LOOKS } from '../format/finding.ts'
import type { PageState } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'
import { RuleText } from '../ui/RuleText.tsx'
import type { PlacedMark } from './layout/finding-marks.ts'

/** Findings of a mark that are named. */
const MOST_NAMED = 8

/** The findings of a mark in few words. */
export function FindingTip({ page, mark: { findings } }: { page: PageState; mark: PlacedMark }) {
  const left = findings.length - MOST_NAMED
  return (
    <>
      {findings.slice(0, MOST_NAMED).map(({ key, finding }) => {
        const { icon, tone } = SEVERITY_LOOKS[finding.severity]
        const name = finding.connection === undefined ? '' : page.looks.nameOf(finding.connection)
        return (
          <div key={key} class="finding-tip">
            <span class={`tone-${tone} toned`}>
              <Icon name={icon} />
            </span>
            <div>
              <div>
                <RuleText text={finding.title ?? finding.message} />
              </div>
              <div class="dim tabular">
                {[name, findingTimes(finding)].filter((part) => part !== '').join(' · ')}
              </div>
            </div>
          </div>
        )
      })}
      {left > 0 && <div class="dim">{l10n.t('and {0} more', formatCount(left))}</div>}
    </>
  )
}
