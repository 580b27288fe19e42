export const HOSTS = [];
