-- Where copies are wanted, and which gave way on purpose, is known to a rebuilt catalog at once.
select voxkeep_keep('placement_policy');
select voxkeep_keep('evicted_copy');
