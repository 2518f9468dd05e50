/** The documentation of faults has those that there are. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../../scripts/paths.ts'
import { formatFault } from '../../../src/shared/faults/fault-text.ts'
import { PRESETS } from '../../../src/shared/faults/presets.ts'
import { FAULT_KINDS, FAULTS } from '../../../src/shared/faults.ts'

describe('docs/faults.md', () => {
  const rows = readFileSync(join(ROOT, 'docs/faults.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))

  it('has a row for each kind and each preset, and no others', () => {
    const expected = [
      ...FAULT_KINDS.map((kind) => [`\`${FAULTS[kind].name}`, FAULTS[kind].does]),
      ...PRESETS.map(({ name, faults, models, source }) => [
        `\`${name}\``,
        faults.map((fault) => `\`${formatFault(fault)}\``).join(', '),
        models,
        source,
      ]),
    ]
    assert.equal(rows.length, expected.length)
    for (const [index, texts] of expected.entries())
      for (const text of texts) assert.ok(rows[index]?.includes(text), `${text} in ${rows[index]}`)
  })
})
