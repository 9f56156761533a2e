import { userEvent } from './userEvent';

export const registration = userEvent(
	{
		name: 'myTrackerRegistration',
		title: 'Registration',
		searchWords: ['my tracker', 'sign up', 'signup', 'register', 'new user', 'VK', 'server-to-server', 'S2S'],
	},
	'registration',
);
