/** Ranks techniques by the rules, with reasons, and says what would change the ranking. */
import type { Finding } from '../../shared/finding.ts'
import { addTo } from '../../shared/maps.ts'
import type { TechniqueAdvice, TechniqueAnswers, TechniqueReport } from '../../shared/techniques.ts'
import { TRANSPORTS, type TransportName } from '../../shared/transports.ts'
import { changesOf } from './changes.ts'
import { type Facts, factsOf } from './facts.ts'
import type { Reason } from './fit-rule.ts'
import { FIT_RULES } from './fit-rules.ts'
import { missingOf } from './missing.ts'
import type { TechniqueFigures } from './report.ts'
import type { Connections } from './watched.ts'

/** Reasons in a summary. */
const MAX_SHORT = 3

export function adviceOf(
  figures: TechniqueFigures,
  connections: Connections,
  answers: TechniqueAnswers,
  findings: readonly Finding[],
): Pick<TechniqueReport, 'advice' | 'changes' | 'missing'> {
  const missing = [...missingOf(figures), ...figures.notes]
  const facts = factsOf(figures, connections, answers, findings)
  if (facts === undefined) return { advice: [], changes: [], missing }
  return { advice: rank(facts), changes: changesOf(facts, (changed) => rank(changed)[0]?.technique), missing }
}

/** All techniques, the best first. */
export function rank(facts: Facts): TechniqueAdvice[] {
  const reasons = new Map<TransportName, Reason[]>()
  for (const rule of FIT_RULES)
    for (const reason of rule.judge(facts)) addTo(reasons, reason.technique, reason)
  return TRANSPORTS.map((technique) => ({ technique, reasons: reasons.get(technique) ?? [] }))
    .sort((one, other) => pointsOf(other.reasons) - pointsOf(one.reasons))
    .map(({ technique, reasons: some }, place) => ({
      technique,
      points: pointsOf(some),
      summary: summaryOf(some),
      measured: facts.measured[technique] !== undefined,
      because: inOrder(some, place === 0).map(({ text, source }) => ({
        text,
        ...(source !== undefined && { source }),
      })),
    }))
}

function pointsOf(reasons: readonly Reason[]): number {
  return reasons.reduce((sum, { points }) => sum + points, 0)
}

/** For the first, what speaks for it comes first; for others, what speaks against them. Measured reasons before others. */
function inOrder(reasons: readonly Reason[], isFirst: boolean): Reason[] {
  const weight = ({ points, isMeasured }: Reason) => (isFirst ? points : -points) + (isMeasured ? 0.5 : 0)
  return [...reasons].sort((one, other) => weight(other) - weight(one))
}

/** Such as `one way, quick, but heavy`. */
function summaryOf(reasons: readonly Reason[]): string {
  const short = (some: readonly Reason[]) =>
    [...new Set(some.flatMap((reason) => reason.short ?? []))].slice(0, MAX_SHORT)
  const byWeight = [...reasons].sort((one, other) => Math.abs(other.points) - Math.abs(one.points))
  const good = short(byWeight.filter(({ points }) => points > 0)).join(', ')
  const bad = short(byWeight.filter(({ points }) => points < 0)).join(', ')
  if (good === '') return bad
  return bad === '' ? good : `${good}, but ${bad}`
}
