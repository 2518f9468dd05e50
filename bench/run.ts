/**
 * Runs all contenders in turn: `npm run bench`, `-- --quick`, `-- --json FILE`, `-- --rounds N`,
 * `-- --case NAME` (repeatable). The exit code is 0 for any figures.
 */
import { writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { parseArgs } from 'node:util'
import { CASES } from './cases/index.ts'
import { type Generator, startGenerator } from './harness/generator.ts'
import { takeMemory } from './harness/memory.ts'
import { formatResult, judge, type Result } from './harness/table.ts'
import type { Measurement, Variant } from './harness/types.ts'

const FULL = { rounds: 5, scale: 1 }
const QUICK = { rounds: 3, scale: 0.25 }

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    rounds: { type: 'string' },
    case: { type: 'string', multiple: true },
  },
})

const chosen = CASES.filter(({ name, isOnlyIfNamed = false }) =>
  values.case === undefined ? !isOnlyIfNamed : values.case.includes(name),
)
if (chosen.length === 0)
  throw new Error(`Unknown case. The cases are ${CASES.map(({ name }) => name).join(', ')}.`)
const plan = values.quick ? QUICK : FULL
const rounds = values.rounds === undefined ? plan.rounds : Number(values.rounds)

const environment = {
  date: new Date().toISOString(),
  node: process.version,
  system: `${process.platform} ${release()}`,
  processor: `${cpus().length} × ${cpus()[0]?.model}`,
  rounds,
  scale: plan.scale,
}
console.log(Object.values(environment).join(', '))

const generator = await startGenerator()
try {
  const report = []
  for (const { name, title, variants } of chosen) {
    for (const variant of variants) {
      const result = await runVariant(variant, generator)
      console.log(formatResult(title, result))
      report.push({
        case: name,
        variant: variant.label,
        rounds: Object.fromEntries(result.rounds),
        targets: judge(result).map(({ target: { of, against, floor, goal, called }, measured, verdict }) => ({
          ...{ of, against, floor, goal, called, measured, verdict },
        })),
      })
    }
  }
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ environment, results: report }, null, 2)}\n`)
} finally {
  generator.stop()
}

/** Runs every contender once in each round. One that fails is left out of later rounds. */
async function runVariant(variant: Variant, generator: Generator): Promise<Result> {
  const results = new Map<string, Measurement[]>()
  const failed = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of variant.contenders) {
      if (failed.has(name)) continue
      // Includes the warm-up and some more.
      takeMemory(1.5 * (variant.kept ?? 0) * plan.scale)
      try {
        const measurement = await run({ generator, scale: plan.scale })
        results.set(name, [...(results.get(name) ?? []), measurement])
      } catch (thrown) {
        failed.add(name)
        console.error(`  ${name}: ${thrown instanceof Error ? thrown.message : thrown}`)
      }
    }
  }
  return { variant, rounds: results }
}
