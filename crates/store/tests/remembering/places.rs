//! Places keep their address through every change of name.

use domain::ids::PlaceId;
use domain::time::Timestamp;
use store::Store;
use store::places::{PlaceFound, Population};

const X: &str = "https://x.example";
const Y: &str = "https://y.example";

async fn place(store: &Store, name: &str, address: &str) -> PlaceFound {
    let mut tx = store.write().await.unwrap();
    let found = tx.place("forum", name, address).await.unwrap();
    tx.commit().await.unwrap();
    found
}

on_both! {
    async fn every_statement_is_one_that_the_database_takes(store: Store) {
        assert!(store.check_statements().await.unwrap() > 80);
    }

    async fn a_place_is_known_again_by_its_address(store: Store) {
        assert_eq!(place(&store, "forum", X).await, PlaceFound::New(PlaceId(1)));
        assert_eq!(place(&store, "forum", X).await, PlaceFound::Same(PlaceId(1)));
        let renamed = PlaceFound::Renamed { id: PlaceId(1), was: "forum".into() };
        assert_eq!(place(&store, "club", X).await, renamed);
        assert_eq!(place(&store, "club", X).await, PlaceFound::Same(PlaceId(1)));
    }

    async fn two_places_may_exchange_their_names(store: Store) {
        place(&store, "a", X).await;
        place(&store, "b", Y).await;
        assert_eq!(place(&store, "b", X).await, PlaceFound::Renamed { id: PlaceId(1), was: "a".into() });
        assert_eq!(place(&store, "a", Y).await, PlaceFound::Renamed { id: PlaceId(2), was: "b".into() });
    }

    async fn a_known_name_at_a_new_address_waits_for_the_owner(store: Store) {
        place(&store, "forum", X).await;
        let changed = PlaceFound::AddressChanged { id: PlaceId(1), was: X.into() };
        assert_eq!(place(&store, "forum", Y).await, changed);
        assert_eq!(place(&store, "forum", Y).await.id(), None);
        let mut tx = store.write().await.unwrap();
        tx.move_place(PlaceId(1), Y).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(place(&store, "forum", Y).await, PlaceFound::Same(PlaceId(1)));
    }

    async fn the_number_of_people_is_remembered(store: Store) {
        place(&store, "forum", X).await;
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.population(PlaceId(1)).await.unwrap(), None);
        let population = Population { people: 1_234, at: Timestamp(7) };
        tx.put_population(PlaceId(1), population).await.unwrap();
        assert_eq!(tx.population(PlaceId(1)).await.unwrap(), Some(population));
    }
}
