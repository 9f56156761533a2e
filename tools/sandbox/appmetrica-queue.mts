/**
 * The queue of AppMetrica's Logs API: requests of one application are worked off one after another, at most three wait,
 * a file is kept for 24 hours. Nothing runs by itself: the queue moves on whenever a request of its application arrives.
 */
const MAX_QUEUED = 3;
const KEPT_MS = 24 * 3_600_000;

/** How long an export takes: so many answers of 202 after its turn came, and so many milliseconds. */
export type Pace = { polls: number; ms: number };

export type ExportOrder<File> = {
	app: string;
	/** The same for identical requests, and for no others. */
	key: string;
	/** The request's `Cache-Control`. */
	cacheControl?: string;
	now: number;
	pace: Pace;
	/** Makes the file when its turn is over; a file keeps what it held then. */
	make: () => File;
};

export type ExportOutcome<File> =
	{ state: 'waiting'; percent: number } | { state: 'full' } | { state: 'ready'; file: File };

type Job<File> = {
	key: string;
	pace: Pace;
	make: () => File;
	startedAt?: number;
	answers: number;
	readyAt?: number;
	file?: File;
};

// The kind of file is the exports' own business.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type ExportQueue = { ask<File = any>(order: ExportOrder<File>): ExportOutcome<File>; clear(): void };

export function createExportQueue(): ExportQueue {
	const queues = new Map<string, Array<Job<unknown>>>();

	return {
		ask: <File,>({ app, key, cacheControl, now, pace, make }: ExportOrder<File>): ExportOutcome<File> => {
			const jobs = (queues.get(app) ?? []).filter(
				({ readyAt }) => readyAt === undefined || now - readyAt < KEPT_MS,
			);
			queues.set(app, jobs);
			work(jobs, now);

			let job = jobs.find((one) => one.key === key);
			if (job && isStale(job, cacheControl, now)) {
				jobs.splice(jobs.indexOf(job), 1);
				job = undefined;
			}
			if (!job) {
				if (jobs.filter(({ readyAt }) => readyAt === undefined).length >= MAX_QUEUED)
					return { state: 'full' };
				job = { key, pace, make, answers: 0 };
				jobs.push(job);
				work(jobs, now);
			}
			if (job.readyAt !== undefined) return { state: 'ready', file: job.file as File };
			const percent = progress(job, now);
			if (job.startedAt !== undefined) job.answers++;
			return { state: 'waiting', percent };
		},
		clear: () => queues.clear(),
	};
}

/** `no-cache` asks for a new file, `max-age=N` takes one that is not older than N seconds. */
function isStale(job: Job<unknown>, cacheControl: string | undefined, now: number): boolean {
	if (cacheControl === undefined) return false;
	if (/(?:^|,)\s*no-cache\s*(?:,|$)/i.test(cacheControl)) return true;
	const age = /(?:^|,)\s*max-age=(\d+)/i.exec(cacheControl);
	return age !== null && job.readyAt !== undefined && now - job.readyAt > Number(age[1]) * 1_000;
}

/** Starts the first job that is not ready, and goes on while jobs become ready. */
function work(jobs: Array<Job<unknown>>, now: number): void {
	for (const job of jobs) {
		if (job.readyAt !== undefined) continue;
		job.startedAt ??= now;
		if (job.answers < job.pace.polls || now - job.startedAt < job.pace.ms) return;
		job.readyAt = now;
		job.file = job.make();
	}
}

function progress(job: Job<unknown>, now: number): number {
	if (job.startedAt === undefined) return 0;
	const parts = [
		job.pace.polls === 0 ? 1 : job.answers / job.pace.polls,
		job.pace.ms === 0 ? 1 : (now - job.startedAt) / job.pace.ms,
	];
	return Math.floor(Math.min(0.99, ...parts) * 100);
}
