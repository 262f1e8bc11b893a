-- What stands again once an override ends: a decision without end may lie beneath one that has an end.
alter table overrides add column beneath text;
