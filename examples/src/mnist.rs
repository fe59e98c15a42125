//! 4,000 handwritten digits of 28x28 pixels: every twentieth of the training images of MNIST, and every tenth of the test
//! images.

use nn_core::dataset::{Dataset, from_fn};

/// Images and labels in the IDX format, after whose headers of 16 and 8 bytes a byte is a pixel or a label.
struct Files {
    images: &'static [u8],
    labels: &'static [u8],
}

static TRAIN: Files = Files {
    images: include_bytes!("../data/mnist-train3000-images-idx3-ubyte"),
    labels: include_bytes!("../data/mnist-train3000-labels-idx1-ubyte"),
};
static TEST: Files = Files {
    images: include_bytes!("../data/mnist-test1000-images-idx3-ubyte"),
    labels: include_bytes!("../data/mnist-test1000-labels-idx1-ubyte"),
};

/// The 3,000 images for training and the 1,000 for testing, pixels from 0 to 1.
pub fn images() -> [impl Dataset<Input = [f32; 784], Target = usize>; 2] {
    [TRAIN.dataset(), TEST.dataset()]
}

/// The same images, each moved by up to two pixels in every direction: 25 for one, none of which is kept.
pub fn moved(
    images: &impl Dataset<Input = [f32; 784], Target = usize>,
) -> impl Dataset<Input = [f32; 784], Target = usize> {
    let len = images.len();
    from_fn(
        25 * len,
        move |index, into: &mut [f32; 784]| {
            let mut image = [0.0; 784];
            let _ = images.input(index % len, &mut image);
            let (down, right) = (index / len / 5, index / len % 5);
            for (at, pixel) in into.iter_mut().enumerate() {
                // From 0 to 4 stands for -2 to 2; what comes from outside is black.
                let (row, col) = ((at / 28 + down).wrapping_sub(2), (at % 28 + right).wrapping_sub(2));
                *pixel = if row < 28 && col < 28 { image[row * 28 + col] } else { 0.0 };
            }
        },
        move |index| images.target(index % len).unwrap_or(0),
    )
}

impl Files {
    fn dataset(&'static self) -> impl Dataset<Input = [f32; 784], Target = usize> {
        let (images, _) = self.images[16..].as_chunks::<784>();
        let labels = &self.labels[8..];
        from_fn(
            images.len(),
            |index, into: &mut [f32; 784]| *into = images[index].map(|pixel| f32::from(pixel) / 255.0),
            |index| usize::from(labels[index]),
        )
    }
}
