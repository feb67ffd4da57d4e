-- A sender finds the messages of theirs that were held, without a look at every flow. What passed is most of them and not in it.
CREATE INDEX flow_stopped_sender ON flow (organisation, LOWER(sender)) WHERE verdict <> 'pass';
