using System.Text.Json.Nodes;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Training.Saes.Architectures;
using SaeNotebooks.Training.Saes.Learning;
using SaeNotebooks.Training.Saes.Sparse;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Saes;

/// <summary>Every architecture takes the same 30 steps as in SAELens: gradients, losses and weights (Goldens/saetrain_*).</summary>
[Collection(TensorTests.Name)]
public class TrajectoryTests
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string, bool> Cases => new(
        from name in new[] { "standard", "gated", "topk", "batchtopk", "matryoshka_batchtopk", "jumprelu", "jumprelu_tanh" }
        from formula in new[] { false, true }
        select (name, formula));

    [Theory, MemberData(nameof(Cases))]
    public void Thirty_steps_are_those_of_SAELens(string name, bool formula)
    {
        using var scope = NewDisposeScope();
        var golden = new Trajectory(name);
        var architecture = golden.Architecture();
        using var learner = new SaeLearner(formula ? new Formula(architecture) { Width = architecture.Width } : architecture, golden.Parameters(architecture), Trajectory.Plan);

        golden.AssertGradients(learner, architecture, formula);
        foreach (var (step, log) in golden.Log.Index())
        {
            var x = golden.Batch(step);
            var done = learner.Learn(x, x);
            var expected = log!["losses"]!.AsObject().ToDictionary(l => Trajectory.TermName(l.Key), l => (double)l.Value!);
            Assert.Equal(expected.Keys.Order(), done.Terms.Select(t => t.Name).Order());
            foreach (var (term, value) in done.Terms) AssertNear(expected[term], value, $"{name}, step {step}, {term}");
            AssertNear((double)log["loss"]!, done.Loss, $"{name}, step {step}, loss");
            Assert.Equal((double)log["l0"]!, done.L0, 1e-6);
            Assert.Equal((int)log["dead"]!, (int)Math.Round(done.Dead * architecture.Width));
        }
        golden.AssertFinal(learner.Parameters);
        using var built = learner.Build(new SaeConfig { Hook = Hook.ResidPost(0), ModelName = "none" }, 1, 1);
        golden.AssertExported(built);
    }

    private static void AssertNear(double expected, double actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= Tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: {actual}, expected {expected}");

    /// <summary>An architecture without its fast path.</summary>
    private sealed record Formula(SaeArchitecture Inner) : SaeArchitecture
    {
        public override string Name => Inner.Name;

        internal override Sparsity? SparsityControl => Inner.SparsityControl;

        internal override ForwardPass Forward(SaeParameters p, Tensor x, Tensor y, StepContext step) => Inner.Forward(p, x, y, step);

        internal override Sae Export(SaeParameters p, SaeConfig config) => Inner.Export(p, config);
    }

    private sealed class Trajectory(string name)
    {
        private static readonly Dictionary<string, string> Tensors = new() { ["encoder"] = "W_enc", ["decoder"] = "W_dec" };
        private readonly string _folder = Path.Combine(AppContext.BaseDirectory, "Goldens", "saetrain_" + name);

        public static SaeLearningPlan Plan { get; } = new() { Steps = 30, TokensPerStep = 64, Rate = 3e-3, WarmUpSteps = 5, DecaySteps = 8, GradientClip = 1, DeadAfterTokens = 3 * 64 };

        private JsonObject Json => field ??= JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "train.json")))!.AsObject();

        public JsonArray Log => Json["log"]!.AsArray();

        public Tensor Batch(int step) => Read("data")[step];

        /// <summary>Settings as in the golden's configuration.</summary>
        public SaeArchitecture Architecture()
        {
            var c = Json["config"]!;
            var width = (int)c["d_sae"]!;
            return (string)c["architecture"]! switch
            {
                "standard" => new StandardArchitecture { Width = width, Sparsity = Sparsity.Fixed((double)c["l1_coefficient"]!, (int)c["l1_warm_up_steps"]!) },
                "gated" => new GatedArchitecture
                    { Width = width, Sparsity = Sparsity.Fixed((double)c["l1_coefficient"]!, (int)c["l1_warm_up_steps"]!), FrozenDecoder = false },
                "topk" => new TopKArchitecture { Width = width, K = (int)c["k"]!, BiasInAuxiliary = true },
                "batchtopk" => new BatchTopKArchitecture { Width = width, K = (double)c["k"]!, BiasInAuxiliary = true },
                "matryoshka_batchtopk" => new MatryoshkaArchitecture
                    { Width = width, K = (double)c["k"]!, BiasInAuxiliary = true, Widths = [.. c["matryoshka_widths"]!.AsArray().Select(w => (int)w!)] },
                _ => new JumpReluArchitecture
                {
                    Width = width, Sparsity = Sparsity.Fixed((double)c["l0_coefficient"]!, (int)c["l0_warm_up_steps"]!), LogThreshold = true,
                    InitialThreshold = (double)c["jumprelu_init_threshold"]!, Bandwidth = (double)c["jumprelu_bandwidth"]!,
                    TanhScale = (double)c["jumprelu_tanh_scale"]!, DeadLatentWeight = (double?)c["pre_act_loss_coefficient"] ?? 0,
                    Penalty = (string)c["jumprelu_sparsity_loss_mode"]! == "tanh" ? JumpReluPenalty.Tanh : JumpReluPenalty.Step,
                },
            };
        }

        public static string TermName(string term) => term switch
        {
            "mse_loss" => "mse", "l1_loss" => "l1", "l0_loss" => "l0", "pre_act_loss" => "dead",
            _ when term.StartsWith("inner_mse_loss_", StringComparison.Ordinal) => "mse_" + term["inner_mse_loss_".Length..],
            _ => "auxiliary",
        };

        public SaeParameters Parameters(SaeArchitecture architecture)
        {
            var parameters = architecture.Initialise(16, 16, zeros(16), manual_seed(1));
            using var quiet = no_grad();
            foreach (var (key, tensor) in parameters.Trained) tensor.copy_(Tensor("init", key));
            return parameters;
        }

        public void AssertGradients(SaeLearner learner, SaeArchitecture architecture, bool formula)
        {
            using var workspace = new Workspace();
            using var parameters = Parameters(architecture);
            var (x, context) = (Batch(0), new StepContext(null, 0));
            var step = formula ? StepResult.ByAutograd(parameters, architecture.Forward(parameters, x, x, context)) : architecture.Step(parameters, x, x, context, workspace);
            foreach (var ((key, _), gradient) in learner.Parameters.Trained.Zip(step.Gradients)) AssertSame(Tensor("grad0", key), gradient, $"gradient of {key}");
        }

        public void AssertFinal(SaeParameters parameters)
        {
            foreach (var (key, tensor) in parameters.Trained) AssertSame(Tensor("final", key), tensor, $"{key} in the end");
            foreach (var (_, tensor) in parameters.Kept) AssertSame(Read("final_buf.topk_threshold").view(1), tensor.to(float32), "threshold in the end");
        }

        public void AssertExported(Sae sae)
        {
            using var file = SafetensorsFile.Open(Path.Combine(_folder, "inference", "sae_weights.safetensors"));
            Dictionary<string, Tensor> actual = new() { ["W_enc"] = sae.Encoder, ["W_dec"] = sae.Decoder, ["b_dec"] = sae.DecoderBias };
            if (sae.Activation is Gated) actual["b_gate"] = sae.EncoderBias;
            else actual["b_enc"] = sae.EncoderBias;
            if (sae.Activation is JumpRelu jump) actual["threshold"] = jump.Threshold;
            if (sae.Activation is Gated gated)
            {
                actual["r_mag"] = gated.Gain.log();
                actual["b_mag"] = gated.Offset + sae.EncoderBias * gated.Gain;
            }
            Assert.Equal(file.Tensors.Keys.Order(), actual.Keys.Order());
            foreach (var (key, tensor) in actual) AssertSame(file.Read(key), tensor, $"exported {key}");
        }

        private Tensor Tensor(string when, string key)
        {
            var read = Read($"{when}.{Tensors.GetValueOrDefault(key, key)}");
            return key == "encoder" ? read.t().contiguous() : read;
        }

        private Tensor Read(string key)
        {
            using var file = SafetensorsFile.Open(Path.Combine(_folder, "golden.safetensors"));
            return file.Read(key);
        }

        private void AssertSame(Tensor expected, Tensor actual, string what)
        {
            Assert.Equal(expected.shape, actual.shape);
            var largest = Math.Max(1, expected.abs().max().item<float>());
            var difference = (expected - actual.detach()).abs().max().item<float>();
            Assert.True(difference <= Tolerance * largest, $"{name}, {what}: differs by {difference:g3} of {largest:g3}");
        }
    }
}
