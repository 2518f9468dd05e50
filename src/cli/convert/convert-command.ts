/** `convert`: its options and its help. */
import { OUTPUT_EXTENSIONS } from '../../shared/protocol/saving.ts'
import type { CommandLine } from '../command-line.ts'
import { maskingOptions } from '../common-options.ts'
import type { ConvertOptions } from './run-convert.ts'

const EXAMPLES = `
The extension of a file says what it is. IN is a session file or a HAR. OUT is
a session file, a HAR, CSV or NDJSON (one message on each line), Parquet (one
row for each event, with its decoded fields), or a scenario of Artillery for a
load test (.artillery.yml). An existing file is replaced once the new one is
complete. Secrets are written as ***, or are environment variables of the
scenario, except those named with --reveal. Payloads are written unchanged,
except for the fields named with --mask.

If OUT ends in .http or .rest, the requests in IN are written into it. IN is
then a recording, or a file of another program, such as curl commands or a
Postman collection. - reads standard input, and a folder stands for all files
in it that can be imported. Secrets become {{$secret NAME}}. What is not
imported is printed on standard error, and is in comments of the file. If OUT
is named http-client.env.json, the environments in IN are written.

Examples:
  For the network panel of a browser:
    $ realtime-inspector convert traffic.rtsession traffic.har
  A recording from a browser, as a session to replay, serve or compare:
    $ realtime-inspector convert page.har page.rtsession
  For a spreadsheet, and for jq:
    $ realtime-inspector convert traffic.rtsession traffic.csv
    $ realtime-inspector convert traffic.rtsession traffic.ndjson
  For DuckDB, ClickHouse or Spark:
    $ realtime-inspector convert traffic.rtsession traffic.parquet
  For a load test on several machines:
    $ realtime-inspector convert traffic.rtsession traffic.artillery.yml
    $ npx artillery run traffic.artillery.yml
  Requests to run again, from a recording, a collection, and curl commands:
    $ realtime-inspector convert page.har page.http
    $ realtime-inspector convert chat.postman_collection.json chat.http
    $ pbpaste | realtime-inspector convert - requests.http`

/** `convert IN OUT` */
export const convert: CommandLine = {
  name: 'convert',
  description:
    'convert a recorded session between .rtsession and .har, or to .csv, .ndjson, .parquet or .artillery.yml; or requests of other programs to .http',
  operands: [
    ['IN', 'session file, HAR, or a file of another program'],
    ['OUT', `file to write, ending in ${OUTPUT_EXTENSIONS.join(', ')} or .http`],
  ],
  options: maskingOptions('write'),
  examples: EXAMPLES,
  async run(from: string, to: string, given: ConvertOptions) {
    // Loaded late, because help does not need what reads and writes files.
    const { runConvert } = await import('./run-convert.ts')
    return await runConvert(from, to, given)
  },
}
