// The official packages, found from here because here they are installed.
export {default as twilio} from 'twilio';
export {default as twilio_webhooks} from 'twilio/lib/webhooks/webhooks.js';
export {Webhook} from 'standardwebhooks';
export {default as Ajv} from 'ajv/dist/2020.js';
export {Webhook as Svix} from 'svix';
