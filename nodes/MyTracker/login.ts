import { userEvent } from './userEvent';

export const login = userEvent(
	{
		name: 'myTrackerLogin',
		title: 'Login',
		searchWords: [
			'my tracker',
			'sign in',
			'signin',
			'authorization',
			'session',
			'VK',
			'server-to-server',
			'S2S',
		],
	},
	'login',
);
