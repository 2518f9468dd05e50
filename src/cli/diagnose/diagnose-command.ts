/** `diagnose`: its options and its help. */
import { Option } from 'commander'
import { SEVERITIES } from '../../shared/finding.ts'
import type { CommandLine } from '../command-line.ts'
import { colorOptions, protocolsOption } from '../common-options.ts'
import { mutedRule, repeated, ruleThreshold } from '../option-values.ts'
import type { DiagnoseOptions } from './run-diagnose.ts'

const EXAMPLES = `
Each finding has the figures and events that show it, what to do, and the
standard or document that says so. docs/findings.md describes the rules.

Exit codes: 0 no finding at or above --fail-on, 1 there is one (a sentence on
standard error counts them) or the file cannot be read, 2 wrong usage.

Examples:
  What is wrong in this recording?
    $ realtime-inspector diagnose traffic.rtsession
  Fail a build if there is a warning, but not about heartbeats:
    $ realtime-inspector diagnose traffic.rtsession --fail-on warning \\
        --mute no-heartbeat
  Another threshold, and a rule that is muted for one URL:
    $ realtime-inspector diagnose traffic.rtsession \\
        --threshold no-heartbeat=30000 \\
        --mute insecure=ws://staging.example/feed
  The names of the rules that found something, for a script:
    $ realtime-inspector diagnose traffic.rtsession --format json \\
        | jq -r '.findings[].rule'`

/** `diagnose FILE` */
export const diagnose: CommandLine = {
  name: 'diagnose',
  description: 'say what is wrong or unwise in a recorded session, by rules',
  operands: [['FILE', 'session file (or HAR)']],
  options: [
    new Option('--fail-on <severity>', 'end with exit code 1 if a finding is this severe or worse')
      .choices([...SEVERITIES, 'never'])
      .default('error'),
    new Option(
      '--mute <RULE[=URL]>',
      'leave out this rule, or only for connections to the origin and path of this URL; repeatable',
    ).argParser(repeated(mutedRule)),
    new Option(
      '--threshold <RULE=VALUE>',
      'another threshold for this rule: milliseconds, bytes, a count, a factor, or a share from 0 to 1; repeatable',
    ).argParser(repeated(ruleThreshold)),
    protocolsOption(),
    new Option('--format <name>', 'how to print the findings').choices(['text', 'json']).default('text'),
    ...colorOptions('text'),
  ],
  examples: EXAMPLES,
  async run(path: string, given: DiagnoseOptions) {
    // Loaded late, because help and wrong usage do not need the rules and the decoders.
    const { runDiagnose } = await import('./run-diagnose.ts')
    return await runDiagnose(path, given)
  },
}
