-- Flows that are still to be assessed are looked for every few seconds and before each invitation; there are few, among
-- millions that are not.
CREATE INDEX flow_owed ON flow (received_at, organisation, sender) WHERE verdict = 'accepted';
