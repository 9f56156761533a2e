import { request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

/**
 * One bare HTTP request on a connection of its own: the address goes out exactly as given, and no header is added but
 * Host, Connection and, with a body, Content-Length. Rejects when the connection breaks before the answer is whole.
 */
export function send(
	method: string,
	address: string,
	headers: OutgoingHttpHeaders = {},
	body?: string | Buffer,
): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const { hostname, port, origin } = new URL(address);
		const path = address.slice(origin.length);
		const bytes = body === undefined ? undefined : Buffer.from(body);
		const length = bytes || method === 'POST' ? { 'content-length': bytes?.length ?? 0 } : {};
		const outgoing = request(
			{ hostname, port, path, method, agent: false, headers: { ...length, ...headers } },
			(incoming) => {
				const chunks: Buffer[] = [];
				incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
				incoming.on('error', reject);
				incoming.on('aborted', () => reject(new Error('the answer was cut')));
				incoming.on('end', () =>
					resolve({
						status: incoming.statusCode ?? 0,
						headers: incoming.headers,
						body: Buffer.concat(chunks).toString(),
					}),
				);
			},
		);
		outgoing.on('error', reject);
		outgoing.end(bytes);
	});
}
