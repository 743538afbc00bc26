//! States: written down and read back, refused when damaged, unchanged by errors.

use super::*;

const STEPS: usize = 150;

fn noises(seed: u64) -> impl FnMut(usize) -> Vec<i128> {
    let mut random = Random(seed);
    move |count| (0..count).map(|_| random.around(1 << 30)).collect()
}

/// Goes on from bytes after every step as if nothing had happened.
fn survives<R: Running>(mut through: R, read: impl Fn(&[u8]) -> R) {
    let mut again = read(&through.to_bytes());
    let (mut one, mut other) = (noises(7), noises(7));
    let mut random = Random(8);
    for _ in 0..STEPS {
        let added = random.around(1 << 40);
        let drawn = one(through.draws());
        let expected = through.step(added, &drawn).unwrap();
        let drawn = other(again.draws());
        assert_eq!(again.step(added, &drawn).unwrap(), expected);
        assert_eq!(again.to_bytes(), through.to_bytes());
        again = read(&again.to_bytes());
    }
}

#[test]
fn states_survive_being_written_down() {
    let factor = Arc::new(Factor::prefix(STEPS).unwrap());
    survives(prefix(STEPS), |bytes| Correlated::from_bytes(Arc::clone(&factor), bytes).unwrap());
    let factor = Arc::new(Factor::window(9).unwrap());
    survives(window(9), |bytes| Correlated::from_bytes(Arc::clone(&factor), bytes).unwrap());
    survives(Tree::prefix(STEPS).unwrap(), |bytes| Tree::from_bytes(bytes).unwrap());
    survives(Tree::window(31).unwrap(), |bytes| Tree::from_bytes(bytes).unwrap());
    survives(Blocks::new(4).unwrap(), |bytes| Blocks::from_bytes(4, bytes).unwrap());
}

#[test]
fn cut_and_lengthened_states_are_refused() {
    let factor = Arc::new(Factor::window(9).unwrap());
    let (mut correlated, mut tree, mut blocks) =
        (window(9), Tree::window(31).unwrap(), Blocks::new(4).unwrap());
    let stream: Vec<i128> = (0..40).collect();
    released(&mut correlated, &stream, noises(1));
    released(&mut tree, &stream, noises(1));
    released(&mut blocks, &stream, noises(1));
    let refused = |bytes: &[u8], which: usize| match which {
        0 => Correlated::from_bytes(Arc::clone(&factor), bytes).is_err(),
        1 => Tree::from_bytes(bytes).is_err(),
        _ => Blocks::from_bytes(4, bytes).is_err(),
    };
    for (which, whole) in [correlated.to_bytes(), tree.to_bytes(), blocks.to_bytes()].into_iter().enumerate()
    {
        assert!(!refused(&whole, which));
        (0..whole.len())
            .for_each(|length| assert!(refused(&whole[..length], which), "{which} cut at {length}"));
        assert!(refused(&[&whole[..], &[0]].concat(), which));
        // Every byte may be anything: it is read or refused, and what is read can go on.
        let mut random = Random(2);
        for _ in 0..2000 {
            let mut bytes = whole.clone();
            let place = random.next() as usize % bytes.len();
            bytes[place] = random.next() as u8;
            if let (1, Ok(mut tree)) = (which, Tree::from_bytes(&bytes)) {
                let drawn = silence(tree.draws().min(100));
                let _ = tree.step(1, &drawn);
            }
            refused(&bytes, which);
        }
    }
}

#[test]
fn errors_change_nothing() {
    let horizon = 5;
    let mut streams: [Box<dyn Running>; 4] = [
        Box::new(prefix(horizon)),
        Box::new(window(3)),
        Box::new(Tree::prefix(horizon).unwrap()),
        Box::new(Tree::window(3).unwrap()),
    ];
    for (which, stream) in streams.iter_mut().enumerate() {
        for _ in 0..horizon {
            let before = stream.to_bytes();
            let draws = stream.draws();
            let miscounted = stream.step(1, &silence(draws + 1));
            assert_eq!(miscounted, Err(Error::NoiseCount { expected: draws, found: draws + 1 }));
            assert_eq!(stream.step(i128::MAX, &silence(draws)), Err(Error::StreamOverflow));
            assert_eq!(stream.step(i128::MIN, &silence(draws)), Err(Error::StreamOverflow));
            if draws > 0 {
                assert_eq!(stream.step(1, &vec![i128::MAX; draws]), Err(Error::StreamOverflow));
            }
            assert_eq!(stream.to_bytes(), before);
            stream.step(1, &silence(draws)).unwrap();
        }
        let draws = stream.draws();
        let after = stream.step(1, &silence(draws));
        assert_eq!(after == Err(Error::StreamExhausted), which % 2 == 0, "{after:?}");
    }
}

#[test]
fn what_noise_is_not_laid_out_for_is_refused() {
    for length in [0, LONGEST_WINDOW + 1, LONGEST_HORIZON + 1] {
        assert_eq!(Factor::window(length).err(), Some(Error::InvalidStream));
        assert_eq!(Shape::window(length).err(), Some(Error::InvalidStream));
        assert_eq!(Blocks::new(length).err(), Some(Error::InvalidStream));
    }
    for horizon in [0, LONGEST_HORIZON + 1] {
        assert_eq!(Factor::prefix(horizon).err(), Some(Error::InvalidStream));
        assert_eq!(Shape::prefix(horizon).err(), Some(Error::InvalidStream));
    }
    for far in [LONGEST_HORIZON, 1 << 20, 1] {
        assert!(Shape::prefix(far).is_ok());
    }
    assert!(Shape::window(LONGEST_WINDOW).is_ok());
}

/// Windows keep what they need and no more, however long the stream is.
#[test]
fn windows_take_no_more_memory_as_time_goes_on() {
    let (mut correlated, mut tree) = (window(10), Tree::window(10).unwrap());
    let sizes = |from: usize, correlated: &mut Correlated, tree: &mut Tree| {
        let mut most = (0, 0);
        for _ in 0..from {
            released(correlated, &[1], noises(3));
            released(tree, &[1], noises(3));
            most = (most.0.max(correlated.to_bytes().len()), most.1.max(tree.to_bytes().len()));
        }
        most
    };
    let early = sizes(500, &mut correlated, &mut tree);
    let late = sizes(5000, &mut correlated, &mut tree);
    assert!(late.0 <= early.0 && late.1 <= early.1, "{early:?} {late:?}");
}
