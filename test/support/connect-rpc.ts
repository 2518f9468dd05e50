/** A server of Connect and gRPC-Web over HTTP/1.1, by the project's own library. */
import { createServer } from 'node:http'
import { create, toBinary } from '@bufbuild/protobuf'
import { fileDesc, serviceDesc } from '@bufbuild/protobuf/codegenv2'
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'
import { Code, ConnectError } from '@connectrpc/connect'
import { compressionGzip, connectNodeAdapter } from '@connectrpc/connect-node'
import { listen } from './loopback.ts'

export const GREETER_PROTO = `syntax = "proto3";
package test;
message Hello { string name = 1; int32 count = 2; }
service Greeter { rpc Greet(Hello) returns (stream Hello); }
`

const field = (name: string, number: number, type: FieldDescriptorProto_Type) => ({
  ...{ name, number, type, label: FieldDescriptorProto_Label.OPTIONAL, jsonName: name },
})

const FILE = create(FileDescriptorProtoSchema, {
  name: 'test.proto',
  package: 'test',
  syntax: 'proto3',
  messageType: [
    {
      name: 'Hello',
      field: [
        field('name', 1, FieldDescriptorProto_Type.STRING),
        field('count', 2, FieldDescriptorProto_Type.INT32),
      ],
    },
  ],
  service: [
    {
      name: 'Greeter',
      method: [{ name: 'Greet', inputType: '.test.Hello', outputType: '.test.Hello', serverStreaming: true }],
    },
  ],
})

const SERVICE = serviceDesc(
  fileDesc(Buffer.from(toBinary(FileDescriptorProtoSchema, FILE)).toString('base64')),
  0,
)

/**
 * Starts the server. Resolves to the URL of `Greet`, which sends `count` greetings, then trailers, and fails for the name `nobody`.
 * Messages of more than `compressMinBytes` bytes are compressed if the client accepts that.
 */
export async function startGreeter(compressMinBytes = 1024): Promise<string> {
  const adapter = connectNodeAdapter({
    acceptCompression: [compressionGzip],
    compressMinBytes,
    routes: (router) => {
      router.service(SERVICE, {
        // biome-ignore lint/suspicious/noExplicitAny: the service has no generated types
        async *greet(request: any, context: any) {
          for (let n = 1; n <= request.count; n++) yield { name: `${request.name} ${n}`, count: n }
          context.responseTrailer.set('x-total', String(request.count))
          if (request.name === 'nobody') throw new ConnectError('nobody is here', Code.NotFound)
        },
        // biome-ignore lint/suspicious/noExplicitAny: the service has no generated types
      } as any)
    },
  })
  return `http://127.0.0.1:${await listen(createServer(adapter))}/test.Greeter/Greet`
}
