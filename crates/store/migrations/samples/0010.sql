insert into sizes_accepted (guild, place_id, people) values (10, 1, 13);
