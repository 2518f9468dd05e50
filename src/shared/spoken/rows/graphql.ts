/** GraphQL over WebSocket. */
import type { SpokenTraits } from '../traits.ts'

const FORMS: SpokenTraits['forms'] = [
  {
    name: 'operation',
    fields: [
      {
        name: 'query',
        type: 'text',
        hint: 'the query, mutation or subscription',
        isRequired: true,
        completes: 'graphql',
      },
      { name: 'variables', type: 'json', hint: 'its variables, as a JSON object' },
      { name: 'operationName', type: 'text', hint: 'the operation to run, if the document has several' },
    ],
  },
  {
    name: 'complete',
    fields: [{ name: 'id', type: 'text', hint: 'the ID of the operation to end', isRequired: true }],
  },
]

export const graphqlTransportWs: SpokenTraits = {
  options: [
    {
      name: 'connectionParams',
      type: 'json',
      hint: 'the payload of connection_init',
      isSecret: true,
    },
    {
      name: 'keepAlive',
      type: 'number',
      hint: 'milliseconds between two pings of the client; 0 for none',
      initial: 0,
    },
  ],
  forms: FORMS,
}

export const graphqlWs: SpokenTraits = {
  options: [
    {
      name: 'connectionParams',
      type: 'json',
      hint: 'the payload of connection_init',
      isSecret: true,
    },
  ],
  forms: FORMS,
}
