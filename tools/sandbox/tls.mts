/**
 * The way to a sandbox that speaks TLS: passes the encrypted bytes on in both directions, so that it can put broken
 * records into a connection whose handshake has ended. Only a party in between can do that.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import type { Certificate } from './certificate.mts';

export type TlsSettings = Certificate & {
	minVersion?: 'TLSv1.2' | 'TLSv1.3';
	maxVersion?: 'TLSv1.2' | 'TLSv1.3';
};

/** What is put into the connection: a record that cannot be decrypted, an alert in clear, or bytes that are no TLS. */
export type TlsFault = 'record' | 'alert' | 'garbage';

const BYTES: Record<TlsFault, Buffer> = {
	record: Buffer.concat([Buffer.from('1703030020', 'hex'), Buffer.alloc(32)]),
	alert: Buffer.from('15030300020250', 'hex'),
	garbage: Buffer.from('HTTP/1.1 200 OK\r\n\r\n'),
};

export type TlsFront = {
	port: number;
	/** Sends these bytes to the client of the connection that the server knows by this port, and ends it. */
	inject(serverSidePort: number, fault: TlsFault): void;
	/** Tears that connection down (TCP reset). */
	reset(serverSidePort: number): void;
	close(): void;
};

/** Listens on `port` (0: any) of 127.0.0.1 in front of the server on `innerPort`. */
export async function createTlsFront(port: number, innerPort: number): Promise<TlsFront> {
	const clients = new Map<number, Socket>();
	const open = new Set<Socket>();
	const server = createServer((client) => {
		const inner = connect(innerPort, '127.0.0.1');
		for (const socket of [client, inner]) {
			open.add(socket);
			socket.on('close', () => open.delete(socket));
		}
		inner.once('connect', () => clients.set(inner.localPort ?? 0, client));
		inner.on('error', () => client.resetAndDestroy());
		inner.on('end', () => client.end());
		inner.on('data', (chunk) => client.write(chunk));
		inner.on('close', () => clients.delete(inner.localPort ?? 0));
		client.on('error', () => inner.destroy());
		client.on('close', () => inner.destroy());
		client.on('data', (chunk) => inner.write(chunk));
		client.on('end', () => inner.end());
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			server.off('error', reject);
			resolve();
		});
	});
	const clientOf = (serverSidePort: number): Socket => {
		const client = clients.get(serverSidePort);
		if (!client) throw new Error('This connection does not come through the TLS front');
		return client;
	};
	return {
		port: (server.address() as AddressInfo).port,
		inject: (serverSidePort, fault) => void clientOf(serverSidePort).end(BYTES[fault]),
		reset: (serverSidePort) => void clientOf(serverSidePort).resetAndDestroy(),
		close: () => {
			server.close();
			for (const socket of open) socket.destroy();
		},
	};
}
